"""Which namespaces a container gets of its own, shares with the host, or with a container."""

from typing import NamedTuple

from sampan.errors import InvalidRequest
from sampan.schema.host_config import HostConfig

PRIVATE = "private"
HOST = "host"
NONE = "none"
CONTAINER = "container:"


class Sharing(NamedTuple):
    """Pids of the containers whose namespaces are joined; 0 where none is."""

    network: int = 0
    ipc: int = 0
    pid: int = 0


def joined(mode: str) -> str | None:
    """Return the container named in a `container:NAME` mode."""
    return mode.removeprefix(CONTAINER) if mode.startswith(CONTAINER) else None


def check_modes(host: HostConfig) -> None:
    """Refuse modes that do not exist, with Docker's words."""
    for mode in (host.network_mode, host.ipc_mode, host.pid_mode):
        if joined(mode) == "":
            raise InvalidRequest(f"invalid container format {mode}: expected container:<name|id>")
    for what, mode, allowed in (
        ("IPC", host.ipc_mode, {"", "none", "private", "shareable", "host"}),
        ("PID", host.pid_mode, {"", "host"}),
    ):
        other = joined(mode)
        if mode not in allowed and not other:
            raise InvalidRequest(f"invalid {what} mode: {mode}")
    for what, mode, allowed in (
        ("UTS", host.uts_mode, {"", "host"}),
        ("user namespace", host.userns_mode, {"", "host"}),
        ("cgroup namespace", host.cgroupns_mode, {"", "private", "host"}),
    ):
        if mode not in allowed:
            raise InvalidRequest(f"invalid {what} mode: {mode}")


def namespaces(host: HostConfig, sharing: Sharing) -> list[dict[str, str]]:
    """Return the OCI list of namespaces to make or to join."""
    found: list[dict[str, str]] = [{"type": "mount"}]
    found += _one("network", "net", host.network_mode, sharing.network)
    found += _one("ipc", "ipc", host.ipc_mode, sharing.ipc)
    found += _one("pid", "pid", host.pid_mode, sharing.pid)
    if host.uts_mode != HOST:
        found.append({"type": "uts"})
    if host.cgroupns_mode != HOST:
        found.append({"type": "cgroup"})
    return found


def _one(kind: str, file: str, mode: str, pid: int) -> list[dict[str, str]]:
    if mode == HOST:
        return []
    if joined(mode):
        return [{"type": kind, "path": f"/proc/{pid}/ns/{file}"}]
    return [{"type": kind}]
