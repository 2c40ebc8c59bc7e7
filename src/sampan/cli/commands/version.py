"""sampan version: whom we are talking to, and who we are."""

from __future__ import annotations

import os
import sys

from sampan.cli.flags import DOCUMENT_FORMAT
from sampan.cli.load import load
from sampan.errors import SampanError
from sampan.version import API_VERSION, VERSION

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from sampan.cli.context import Context
    from sampan.cli.flags import Options

USAGE = "[OPTIONS]"
ARGUMENTS = (0, 0)
FLAGS = (DOCUMENT_FORMAT,)


def run(context: Context, options: Options, _arguments: list[str]) -> int:
    """Print both versions; the client's also when the daemon does not answer."""
    failure: SampanError | None = None
    found: dict[str, Any] = {"Client": {}, "Server": None}
    try:
        found["Server"] = context.client.get("/version")
    except SampanError as error:
        failure = error
    found["Client"] = _client(context)
    if options.text("format"):
        context.out.write(load("sampan.cli.format.single").render(found, options.text("format")))
    else:
        context.out.write(_screen(found))
    if failure is not None:
        context.err.line(str(failure))
    return 1 if failure else 0


def _client(context: Context) -> dict[str, Any]:
    return {
        "Version": VERSION,
        "ApiVersion": context.client.version,
        "DefaultAPIVersion": API_VERSION,
        "PythonVersion": ".".join(str(part) for part in sys.version_info[:3]),
        "Os": "linux",
        "Arch": _machine(),
    }


def _machine() -> str:
    names = {"x86_64": "amd64", "aarch64": "arm64"}
    machine = os.uname().machine
    return names.get(machine, machine)


def _screen(found: dict[str, Any]) -> str:
    client = found["Client"]
    agreed = client["ApiVersion"]
    if agreed != client["DefaultAPIVersion"]:
        agreed = f"{agreed} (downgraded from {client['DefaultAPIVersion']})"
    lines = [
        "Client: Sampan",
        _row("Version", client["Version"]),
        _row("API version", agreed),
        _row("Python version", client["PythonVersion"]),
        _row("OS/Arch", f"{client['Os']}/{client['Arch']}"),
    ]
    server = found["Server"]
    if server is not None:
        name = (server.get("Platform") or {}).get("Name", "")
        lines += ["", f"Server: {name}".rstrip()]
        for component in server.get("Components") or (_old(server),):
            lines += _component(component)
    return "".join(f"{line}\n" for line in lines)


def _component(component: dict[str, Any]) -> list[str]:
    details = component.get("Details") or {}
    lines = [f" {component['Name']}:", _part("Version", component["Version"])]
    if "ApiVersion" in details:
        least = details.get("MinAPIVersion") or details.get("MinApiVersion", "")
        lines.append(_part("API version", f"{details['ApiVersion']} (minimum version {least})"))
    for key, label in (
        ("GoVersion", "Go version"),
        ("PythonVersion", "Python version"),
        ("GitCommit", "Git commit"),
        ("BuildTime", "Built"),
    ):
        if key in details:
            lines.append(_part(label, details[key]))
    if "Os" in details:
        lines.append(_part("OS/Arch", f"{details['Os']}/{details.get('Arch', '')}"))
    if "Experimental" in details:
        lines.append(_part("Experimental", details["Experimental"]))
    return lines


def _old(server: dict[str, Any]) -> dict[str, Any]:
    """Make a component of what daemons said before they had components."""
    return {"Name": "Engine", "Version": server.get("Version", ""), "Details": server}


def _row(label: str, value: str) -> str:
    return f" {label + ':':18} {value}"


def _part(label: str, value: str) -> str:
    return f"  {label + ':':17} {value}"
