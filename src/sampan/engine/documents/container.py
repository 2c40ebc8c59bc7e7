"""A container in Docker's documents: the parts that inspect and ps share, and each whole."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from sampan.base import clock
from sampan.engine.documents import humane
from sampan.schema.container import State
from sampan.schema.network import EndpointSettings
from sampan.schema.wire import to_wire
from sampan.state.containers import Container

Document = dict[str, Any]

# Fields that Docker leaves out when they are empty ("omitempty").
CONFIG_OMITTED = (
    "ExposedPorts",
    "Healthcheck",
    "ArgsEscaped",
    "NetworkDisabled",
    "MacAddress",
    "StopSignal",
    "StopTimeout",
    "Shell",
)
HOST_OMITTED = (
    "Annotations",
    "Init",
    "Mounts",
    "StorageOpt",
    "Sysctls",
    "Tmpfs",
    "KernelMemory",
    "KernelMemoryTCP",
)


class Surroundings(NamedTuple):
    """What the engine adds to a container's own record."""

    files: Mapping[str, str]
    log_path: str
    exec_ids: list[str]
    graph: Document
    image: str  # its name, or its id when the name means another image by now
    size: tuple[int, int] | None = None


def config(container: Container) -> Document:
    """Return Config."""
    return _without(to_wire(container.config), CONFIG_OMITTED)


def host_config(container: Container, masked: list[str], readonly: list[str]) -> Document:
    """Return HostConfig."""
    found = _without(to_wire(container.host_config), HOST_OMITTED)
    found["MaskedPaths"] = masked or None
    found["ReadonlyPaths"] = readonly or None
    return found


def _without(document: Document, omitted: tuple[str, ...]) -> Document:
    for key in omitted:
        if document.get(key) in (None, "", 0, False, [], {}):
            document.pop(key, None)
    return document


def state(container: Container) -> Document:
    """Return State."""
    return _without(to_wire(container.state), ("Health",))


def mounts(container: Container) -> list[Document]:
    """Return Mounts."""
    return [_without(to_wire(point), ("Name", "Driver")) for point in container.mounts]


def endpoints(container: Container) -> dict[str, Document]:
    """Return NetworkSettings.Networks."""
    return {
        name: _endpoint(container, name, settings) for name, settings in container.networks.items()
    }


def _endpoint(container: Container, name: str, settings: EndpointSettings) -> Document:
    found = to_wire(settings)
    if name not in {"bridge", "host", "none"}:
        names = [container.name, *(settings.aliases or ()), container.id[:12]]
        if container.config.hostname:
            names.append(container.config.hostname)
        found["DNSNames"] = list(dict.fromkeys(names))
    return found


def network_settings(container: Container) -> Document:
    """Return NetworkSettings; the fields outside Networks are the default bridge's."""
    bridge = container.networks.get("bridge") or EndpointSettings()
    running = container.state.running and container.state.pid
    ports = {
        port: None if bindings is None else [to_wire(each) for each in bindings]
        for port, bindings in container.ports.items()
    }
    return {
        "Bridge": "",
        "SandboxID": container.id if running else "",
        "SandboxKey": f"/proc/{container.state.pid}/ns/net" if running else "",
        "Ports": ports,
        "HairpinMode": False,
        "LinkLocalIPv6Address": "",
        "LinkLocalIPv6PrefixLen": 0,
        "SecondaryIPAddresses": None,
        "SecondaryIPv6Addresses": None,
        "EndpointID": bridge.endpoint_id,
        "Gateway": bridge.gateway,
        "GlobalIPv6Address": bridge.global_ipv6_address,
        "GlobalIPv6PrefixLen": bridge.global_ipv6_prefix_len,
        "IPAddress": bridge.ip_address,
        "IPPrefixLen": bridge.ip_prefix_len,
        "IPv6Gateway": bridge.ipv6_gateway,
        "MacAddress": bridge.mac_address,
        "Networks": endpoints(container),
    }


def inspect(
    container: Container, around: Surroundings, masked: list[str], readonly: list[str]
) -> Document:
    """Return the whole inspect document."""
    found: Document = {
        "Id": container.id,
        "Created": container.created,
        "Path": container.path,
        "Args": container.args,
        "State": state(container),
        "Image": container.image_id,
        "ResolvConfPath": around.files.get("/etc/resolv.conf", ""),
        "HostnamePath": around.files.get("/etc/hostname", ""),
        "HostsPath": around.files.get("/etc/hosts", ""),
        "LogPath": around.log_path,
        "Name": f"/{container.name}",
        "RestartCount": container.restart_count,
        "Driver": container.driver,
        "Platform": container.platform,
        "MountLabel": "",
        "ProcessLabel": "",
        "AppArmorProfile": "",
        "ExecIDs": around.exec_ids or None,
        "HostConfig": host_config(container, masked, readonly),
        "GraphDriver": around.graph,
        "Mounts": mounts(container),
        "Config": config(container),
        "NetworkSettings": network_settings(container),
    }
    if around.size is not None:
        found["SizeRw"], found["SizeRootFs"] = around.size
    return found


def summary(container: Container, image: str, size: tuple[int, int] | None) -> Document:
    """Return one row of `ps`."""
    found: Document = {
        "Id": container.id,
        "Names": [f"/{container.name}"],
        "Image": image,
        "ImageID": container.image_id,
        "Command": command(container),
        "Created": clock.nanoseconds(container.created) // clock.NANO,
        "Ports": ports(container),
        "Labels": container.config.labels or {},
        "State": container.state.status,
        "Status": status(container.state, clock.nanoseconds(clock.now())),
        "HostConfig": {"NetworkMode": container.host_config.network_mode},
        "NetworkSettings": {"Networks": endpoints(container)},
        "Mounts": mounts(container),
    }
    if size is not None:
        found["SizeRw"], found["SizeRootFs"] = size
    return found


def command(container: Container) -> str:
    """Return the command as ps shows it: arguments with spaces in quotes."""
    words = [f"'{word}'" if " " in word else word for word in container.args]
    return " ".join([container.path, *words])


def ports(container: Container) -> list[Document]:
    """Return the Ports of a ps row: open ones, and those only exposed."""
    found: list[Document] = []
    for text, bindings in (container.ports or _closed(container)).items():
        number, _, protocol = text.partition("/")
        base = {"PrivatePort": int(number), "Type": protocol}
        if not bindings:
            found.append(base)
        found += [
            {
                **({"IP": each.host_ip} if each.host_ip else {}),
                **base,
                "PublicPort": int(each.host_port),
            }
            for each in bindings or ()
        ]
    return found


def _closed(container: Container) -> dict[str, None]:
    return dict.fromkeys(container.config.exposed_ports or ()) if container.state.running else {}


def status(state: State, now: int) -> str:
    """Return the words of ps's STATUS column (moby, container.State.String)."""
    if state.running:
        return _running(state, now)
    if state.dead:
        return "Dead"
    if state.started_at == clock.ZERO:
        return "Created"
    if state.finished_at == clock.ZERO:
        return ""
    return f"Exited ({state.exit_code}) {_ago(state.finished_at, now)} ago"


def _running(state: State, now: int) -> str:
    if state.restarting:
        return f"Restarting ({state.exit_code}) {_ago(state.finished_at, now)} ago"
    up = f"Up {_ago(state.started_at, now)}"
    if state.paused:
        return f"{up} (Paused)"
    if state.health is None:
        return up
    health = state.health.status
    return f"{up} (health: starting)" if health == "starting" else f"{up} ({health})"


def _ago(moment: str, now: int) -> str:
    return humane.duration((now - clock.nanoseconds(moment)) / clock.NANO)
