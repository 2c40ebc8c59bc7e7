"""sampan system info, sampan info: what the daemon is and what it runs on."""

from __future__ import annotations

from sampan.cli.flags import DOCUMENT_FORMAT
from sampan.cli.format.units import binary_size
from sampan.cli.load import load
from sampan.errors import SampanError
from sampan.version import VERSION

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from sampan.cli.context import Context
    from sampan.cli.flags import Options

USAGE = "[OPTIONS]"
ARGUMENTS = (0, 0)
FLAGS = (DOCUMENT_FORMAT,)

# Label on the screen, field of the document; those that are empty are left out.
PLAIN = (
    ("Init Binary", "InitBinary"),
    ("Kernel Version", "KernelVersion"),
    ("Operating System", "OperatingSystem"),
    ("OSType", "OSType"),
    ("Architecture", "Architecture"),
    ("CPUs", "NCPU"),
)
PROXIES = (("HTTP Proxy", "HttpProxy"), ("HTTPS Proxy", "HttpsProxy"), ("No Proxy", "NoProxy"))


def run(context: Context, options: Options, _arguments: list[str]) -> int:
    """Print what there is to know of client and daemon."""
    failure: SampanError | None = None
    found: dict[str, Any] = {}
    try:
        found = context.client.get("/info")
    except SampanError as error:
        failure = error
        found = {"ServerErrors": [str(error)]}
    found["ClientInfo"] = {"Version": VERSION, "Context": "default", "Debug": False}
    if options.text("format"):
        context.out.write(load("sampan.cli.format.single").render(found, options.text("format")))
    else:
        context.out.write(screen(found))
        for warning in found.get("Warnings") or ():
            context.err.line(str(warning))
    if failure is not None and options.text("format"):
        context.err.line(str(failure))
    return 1 if failure else 0


def screen(found: dict[str, Any]) -> str:
    """Lay the document out as users know it. Pure."""
    lines = ["Client: Sampan", f" Version:    {VERSION}", " Context:    default", "", "Server:"]
    if found.get("ServerErrors"):
        lines += [f"ERROR: {error}" for error in found["ServerErrors"]]
        lines.append("errors pretty printing info")
    else:
        lines += [f" {line}" for line in _server(found)]
    return "".join(f"{line}\n" for line in [*lines, ""])


def _server(found: dict[str, Any]) -> list[str]:
    lines = [
        f"Containers: {found['Containers']}",
        f" Running: {found['ContainersRunning']}",
        f" Paused: {found['ContainersPaused']}",
        f" Stopped: {found['ContainersStopped']}",
        f"Images: {found['Images']}",
        f"Server Version: {found['ServerVersion']}",
        f"Storage Driver: {found['Driver']}",
        *(f" {key}: {value}" for key, value in found.get("DriverStatus") or ()),
        f"Logging Driver: {found.get('LoggingDriver', '')}",
        f"Cgroup Driver: {found.get('CgroupDriver', '')}",
        f"Cgroup Version: {found.get('CgroupVersion', '1')}",
        "Plugins:",
        *_plugins(found.get("Plugins") or {}),
        f"Swarm: {(found.get('Swarm') or {}).get('LocalNodeState', 'inactive')}",
        f"Runtimes: {' '.join(sorted(found.get('Runtimes') or {}))}",
        f"Default Runtime: {found.get('DefaultRuntime', '')}",
        *_security(found.get("SecurityOptions") or ()),
    ]
    lines += [f"{label}: {found[field]}" for label, field in PLAIN if found.get(field)]
    lines += [
        f"Total Memory: {binary_size(found.get('MemTotal', 0))}",
        f"Name: {found.get('Name', '')}",
        f"ID: {found.get('ID', '')}",
        f"Sampan Root Dir: {found.get('DockerRootDir', '')}",
        f"Debug Mode: {_truth(found.get('Debug'))}",
    ]
    lines += [f"{label}: {found[field]}" for label, field in PROXIES if found.get(field)]
    lines += [f"Labels: {' '.join(found['Labels'])}"] if found.get("Labels") else []
    lines.append(f"Experimental: {_truth(found.get('ExperimentalBuild'))}")
    lines += _registries(found.get("RegistryConfig") or {})
    lines.append(f"Live Restore Enabled: {_truth(found.get('LiveRestoreEnabled'))}")
    return lines


def _plugins(found: dict[str, Any]) -> list[str]:
    kinds = ("Volume", "Network", "Authorization", "Log")
    return [f" {kind}: {' '.join(found[kind])}" for kind in kinds if found.get(kind)]


def _security(options: Any) -> list[str]:  # noqa: ANN401
    lines = ["Security Options:"] if options else []
    for option in options:
        fields = dict(part.partition("=")[::2] for part in option.split(","))
        lines.append(f" {fields.pop('name', option)}")
        lines += [f"  {key.capitalize()}: {value}" for key, value in fields.items()]
    return lines


def _registries(found: dict[str, Any]) -> list[str]:
    lines = []
    insecure = [
        name
        for name, entry in (found.get("IndexConfigs") or {}).items()
        if not entry.get("Secure", True)
    ]
    insecure += found.get("InsecureRegistryCIDRs") or ()
    if insecure:
        lines += ["Insecure Registries:", *(f" {name}" for name in insecure)]
    if found.get("Mirrors"):
        lines += ["Registry Mirrors:", *(f" {name}" for name in found["Mirrors"])]
    return lines


def _truth(value: object) -> str:
    return "true" if value else "false"
