"""What this machine has and can do, asked once at the engine's start. Asks, decides nothing."""

import os
import platform
from contextlib import suppress
from typing import NamedTuple

from sampan.base import files
from sampan.cgroup.driver import Hierarchy
from sampan.engine.spec import capabilities
from sampan.engine.spec.validate.limits import Machine, parse_list


class Facts(NamedTuple):
    """The machine as the engine found it."""

    cpus: int
    memory: int
    hostname: str
    kernel: str
    architecture: str  # as the kernel says: x86_64
    os_name: str
    os_version: str
    capabilities: list[str]
    ports_from_zero: bool
    apparmor: bool
    cpuset: frozenset[int]
    nodes: frozenset[int]


def look() -> Facts:
    """Ask the kernel and the distribution."""
    release = _os_release()
    return Facts(
        cpus=os.cpu_count() or 1,
        memory=os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"),
        hostname=os.uname().nodename,
        kernel=os.uname().release,
        architecture=platform.machine(),
        os_name=release.get("PRETTY_NAME", "Linux"),
        os_version=release.get("VERSION_ID", ""),
        capabilities=_bounding(),
        ports_from_zero=os.path.exists("/proc/sys/net/ipv4/ip_unprivileged_port_start"),
        apparmor=_line("/sys/module/apparmor/parameters/enabled") == "Y",
        cpuset=_list("/sys/devices/system/cpu/online"),
        nodes=_list("/sys/devices/system/node/online"),
    )


def limits_of(facts: Facts, hierarchy: Hierarchy) -> Machine:
    """Return what can be limited here."""
    v1 = hierarchy.version != "v2"
    return Machine(
        cpus=facts.cpus,
        cpuset=facts.cpuset,
        nodes=facts.nodes,
        memory_limit=not v1 or "memory" in hierarchy.mounts,
        swap_limit=_has_swap_limit(hierarchy),
        pids_limit=not v1 or "pids" in hierarchy.mounts,
        blkio_weight=_has_weight(hierarchy),
        oom_kill_disable=v1,
        swappiness=v1,
    )


def _has_swap_limit(hierarchy: Hierarchy) -> bool:
    if hierarchy.version == "v2":
        # The root group has no memory.swap.max; the kernel says in /proc/swaps' config.
        return os.path.exists("/proc/swaps")
    root = hierarchy.mounts.get("memory", "")
    return os.path.exists(f"{root}/memory.memsw.limit_in_bytes")


def _has_weight(hierarchy: Hierarchy) -> bool:
    if hierarchy.version != "v2":
        root = hierarchy.mounts.get("blkio", "")
        names = ("blkio.weight", "blkio.bfq.weight")
        return any(os.path.exists(f"{root}/{name}") for name in names)
    # The root group has no io.weight; BFQ and io.cost show themselves elsewhere.
    return os.path.exists("/sys/module/bfq") or os.path.exists(f"{hierarchy.unified}/io.cost.qos")


def _line(path: str) -> str:
    with suppress(OSError, ValueError):
        return files.read(path, limit=65536).decode(errors="replace").strip()
    return ""


def _list(path: str) -> frozenset[int]:
    with suppress(ValueError):
        return frozenset(parse_list(_line(path)))
    return frozenset(range(os.cpu_count() or 1)) if "cpu" in path else frozenset({0})


def _bounding() -> list[str]:
    """Return the capabilities the daemon may hand on: its own bounding set."""
    for line in _line("/proc/self/status").splitlines():
        name, _, value = line.partition(":")
        if name == "CapBnd":
            mask = int(value, 16)
            return [each for bit, each in enumerate(capabilities.ALL) if mask >> bit & 1]
    return list(capabilities.ALL)


def _os_release() -> dict[str, str]:
    found = {}
    for line in _line("/etc/os-release").splitlines():
        name, separator, value = line.partition("=")
        if separator:
            found[name] = value.strip("\"'")
    return found
