"""Checks of limits: refusals raise InvalidRequest, everything else comes back as warnings."""

from typing import NamedTuple

from sampan.errors import InvalidRequest
from sampan.schema.host_config import HostConfig, Resources

MIB = 1 << 20
MIN_MEMORY = 6 * MIB  # a container cannot be started with less (moby, linuxMinMemory)


class Machine(NamedTuple):
    """What the kernel here can do; warnings come from what it cannot."""

    cpus: int = 1
    cpuset: frozenset[int] = frozenset({0})
    nodes: frozenset[int] = frozenset({0})
    memory_limit: bool = True
    swap_limit: bool = True
    pids_limit: bool = True
    blkio_weight: bool = True
    blkio_throttle: bool = True
    oom_kill_disable: bool = True
    swappiness: bool = True
    cpu_shares: bool = True
    cpu_cfs: bool = True


def check_limits(limits: Resources, machine: Machine, *, update: bool = False) -> list[str]:
    """Check and adjust limits; return warnings."""
    warnings = _memory(limits, machine, update=update)
    warnings += _oom_killer(limits, machine)
    _cpu(limits, machine)
    _cpuset("CPUs", "cpus", limits.cpuset_cpus, machine.cpuset)
    _cpuset("memory nodes", "mems", limits.cpuset_mems, machine.nodes)
    warnings += _pids(limits, machine)
    warnings += _block_io(limits, machine)
    _ulimits(limits)
    return warnings


def check_host_limits(host: HostConfig) -> None:
    """Check what HostConfig has beside Resources."""
    if host.shm_size < 0:
        raise InvalidRequest("SHM size can not be less than 0")
    if not -1000 <= host.oom_score_adj <= 1000:
        raise InvalidRequest(
            f"Invalid value {host.oom_score_adj}, range for oom score adj is [-1000, 1000]"
        )
    if "\0" in host.cgroup_parent:
        raise InvalidRequest(f"invalid cgroup parent: {host.cgroup_parent!r}")
    check_console_size(host.console_size)


def check_console_size(size: list[int] | None) -> None:
    """Check for two numbers or none; the kernel keeps 16 bits of each (struct winsize)."""
    if size and not (len(size) == 2 and all(0 <= each < 1 << 16 for each in size)):
        raise InvalidRequest(f"invalid console size: {size}")


def _memory(limits: Resources, machine: Machine, *, update: bool) -> list[str]:
    warnings = []
    if limits.memory and limits.memory < MIN_MEMORY:
        raise InvalidRequest("Minimum memory limit allowed is 6MB")
    if limits.memory > 0 and limits.memory_swap > 0 and limits.memory_swap < limits.memory:
        raise InvalidRequest(
            "Minimum memoryswap limit should be larger than memory limit, see usage"
        )
    if limits.memory == 0 and limits.memory_swap > 0 and not update:
        raise InvalidRequest(
            "You should always set the Memory limit when using Memoryswap limit, see usage"
        )
    if limits.memory and limits.memory_swap != -1 and not machine.swap_limit:
        warnings.append(
            "Your kernel does not support swap limit capabilities or the cgroup is not mounted. "
            "Memory limited without swap."
        )
        limits.memory_swap = -1
    _swappiness(limits)
    if limits.memory_reservation and limits.memory_reservation < MIN_MEMORY:
        raise InvalidRequest("Minimum memory reservation allowed is 6MB")
    if limits.memory > 0 and limits.memory < limits.memory_reservation:
        raise InvalidRequest(
            "Minimum memory limit can not be less than memory reservation limit, see usage"
        )
    if limits.kernel_memory:
        warnings.append(
            "Specifying a kernel memory limit is deprecated and will be removed in a future "
            "release."
        )
    return warnings


def _swappiness(limits: Resources) -> None:
    if limits.memory_swappiness is not None and not -1 <= limits.memory_swappiness <= 100:
        raise InvalidRequest(
            f"Invalid value: {limits.memory_swappiness}, valid memory swappiness range is 0-100"
        )


def _oom_killer(limits: Resources, machine: Machine) -> list[str]:
    if not limits.oom_kill_disable:
        return []
    if not machine.oom_kill_disable:
        limits.oom_kill_disable = None
        return ["Your kernel does not support OomKillDisable. OomKillDisable discarded."]
    if not limits.memory:
        return [
            "OOM killer is disabled for the container, but no memory limit is set, this can "
            "result in the system running out of resources."
        ]
    return []


def _cpu(limits: Resources, machine: Machine) -> None:
    if limits.nano_cpus > 0 and limits.cpu_period > 0:
        raise InvalidRequest("Conflicting options: Nano CPUs and CPU Period cannot both be set")
    if limits.nano_cpus > 0 and limits.cpu_quota > 0:
        raise InvalidRequest("Conflicting options: Nano CPUs and CPU Quota cannot both be set")
    # 10 ms of a 100 ms period: the kernel's least quota is 1 ms.
    too_small = 0 < limits.nano_cpus < 10_000_000
    if limits.nano_cpus < 0 or too_small or limits.nano_cpus > machine.cpus * 1_000_000_000:
        raise InvalidRequest(
            f"range of CPUs is from 0.01 to {machine.cpus}.00, as there are only "
            f"{machine.cpus} CPUs available"
        )
    if limits.cpu_shares < 0:
        raise InvalidRequest(f"shares must be non-negative, not {limits.cpu_shares}")
    if limits.cpu_period and not 1000 <= limits.cpu_period <= 1_000_000:
        raise InvalidRequest(
            "CPU cfs period can not be less than 1ms (i.e. 1000) or larger than 1s (i.e. 1000000)"
        )
    if 0 < limits.cpu_quota < 1000:
        raise InvalidRequest("CPU cfs quota can not be less than 1ms (i.e. 1000)")


def _cpuset(what: str, name: str, wanted: str, available: frozenset[int]) -> None:
    if not wanted:
        return
    try:
        numbers = parse_list(wanted)
    except ValueError as error:
        raise InvalidRequest(f"Invalid value {wanted} for cpuset {name}") from error
    if not numbers <= available:
        raise InvalidRequest(
            f"Requested {what} are not available - requested {wanted}, "
            f"available: {format_list(available)}"
        )


def parse_list(text: str) -> set[int]:
    """Read a list as in cpuset(7), "List format": 0-2,7. ValueError when it is none."""
    numbers: set[int] = set()
    for part in text.split(","):
        first, separator, last = part.strip().partition("-")
        low = int(first)
        high = int(last) if separator else low
        if not 0 <= low <= high < 8192:
            raise ValueError(text)
        numbers.update(range(low, high + 1))
    return numbers


def format_list(numbers: frozenset[int]) -> str:
    """Write a list as in cpuset(7)."""
    parts: list[list[int]] = []
    for number in sorted(numbers):
        if parts and parts[-1][1] == number - 1:
            parts[-1][1] = number
        else:
            parts.append([number, number])
    return ",".join(str(low) if low == high else f"{low}-{high}" for low, high in parts)


def _pids(limits: Resources, machine: Machine) -> list[str]:
    if limits.pids_limit and not machine.pids_limit:
        limits.pids_limit = None
        return [
            "Your kernel does not support PIDs limit capabilities or the cgroup is not "
            "mounted. PIDs limit discarded."
        ]
    return []


def _block_io(limits: Resources, machine: Machine) -> list[str]:
    if limits.blkio_weight and not 10 <= limits.blkio_weight <= 1000:
        raise InvalidRequest("Range of blkio weight is from 10 to 1000")
    warnings = []
    if (limits.blkio_weight or limits.blkio_weight_device) and not machine.blkio_weight:
        limits.blkio_weight, limits.blkio_weight_device = 0, None
        warnings.append(
            "Your kernel does not support Block I/O weight or the cgroup is not mounted. "
            "Weight discarded."
        )
    return warnings


ULIMITS = frozenset(
    [
        "core",
        "cpu",
        "data",
        "fsize",
        "locks",
        "memlock",
        "msgqueue",
        "nice",
        "nofile",
        "nproc",
        "rss",
        "rtprio",
        "rttime",
        "sigpending",
        "stack",
        "as",
    ]
)


def _ulimits(limits: Resources) -> None:
    for each in limits.ulimits or ():
        if each.name not in ULIMITS:
            raise InvalidRequest(f"invalid ulimit type: {each.name}")
        if each.soft > each.hard >= 0:
            raise InvalidRequest(
                "ulimit soft limit must be less than or equal to hard limit: "
                f"{each.soft} > {each.hard}"
            )
