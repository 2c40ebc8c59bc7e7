"""Docker's stats document from the kernel's counters. Reads /proc, which is nobody's else."""

import os
from collections.abc import Callable
from contextlib import suppress
from typing import Any, NamedTuple

from sampan.base import clock, files
from sampan.cgroup.stats import Stats
from sampan.state.containers import Container

Document = dict[str, Any]
Counters = Callable[[], Stats]


class Reading(NamedTuple):
    """All counters at one moment."""

    stats: Stats
    system: int  # CPU time of the whole machine, nanoseconds
    networks: dict[str, Document]
    at: str = ""


def host_cpu() -> int:
    """Return the CPU time the machine has spent, in nanoseconds (proc(5), /proc/stat)."""
    with suppress(OSError, ValueError, IndexError):
        line = files.read("/proc/stat", limit=4 << 20).split(b"\n", 1)[0]
        ticks = sum(int(word) for word in line.split()[1:9])
        return ticks * clock.NANO // os.sysconf("SC_CLK_TCK")
    return 0


COLUMNS = ("bytes", "packets", "errors", "dropped")


def interfaces(pid: int) -> dict[str, Document]:
    """Return the counters of a container's network interfaces."""
    found: dict[str, Document] = {}
    with suppress(OSError, ValueError):
        text = files.read(f"/proc/{pid}/net/dev", limit=1 << 20).decode()
        for line in text.splitlines()[2:]:
            name, _, numbers = line.partition(":")
            name = name.strip()
            if name == "lo":
                continue
            values = [int(word) for word in numbers.split()]
            found[name] = {
                **{f"rx_{column}": values[at] for at, column in enumerate(COLUMNS)},
                **{f"tx_{column}": values[8 + at] for at, column in enumerate(COLUMNS)},
            }
    return found


def document(
    container: Container, now: Reading | None, before: Reading | None, cpus: int
) -> Document:
    """Return one stats document; zeros while the container does not run."""
    found: Document = {
        "name": f"/{container.name}",
        "id": container.id,
        "read": clock.now() if now else clock.ZERO,
        "preread": clock.now() if before else clock.ZERO,
        "num_procs": 0,
        "storage_stats": {},
    }
    if now is None:
        empty: Document = {"cpu_usage": _cpu_usage(None), "throttling_data": _throttling(None)}
        found |= {
            "pids_stats": {}, "blkio_stats": _block_io(None), "cpu_stats": empty,
            "precpu_stats": empty, "memory_stats": {},
        }  # fmt: skip
        return found
    found["pids_stats"] = _pids(now.stats)
    found["blkio_stats"] = _block_io(now.stats)
    found["cpu_stats"] = _cpu(now, cpus)
    found["precpu_stats"] = (
        _cpu(before, cpus)
        if before
        else {"cpu_usage": _cpu_usage(None), "throttling_data": _throttling(None)}
    )
    found["memory_stats"] = _memory(now.stats)
    if now.networks:
        found["networks"] = now.networks
    return found


def _pids(stats: Stats) -> Document:
    found = {"current": stats.pids}
    # Docker shows the kernel's "max" as the largest number there is.
    found["limit"] = stats.pids_limit if stats.pids_limit >= 0 else 2**64 - 1
    return found


def _cpu(reading: Reading, cpus: int) -> Document:
    return {
        "cpu_usage": _cpu_usage(reading.stats),
        "system_cpu_usage": reading.system,
        "online_cpus": cpus,
        "throttling_data": _throttling(reading.stats),
    }


def _cpu_usage(stats: Stats | None) -> Document:
    if stats is None:
        return {"total_usage": 0, "usage_in_kernelmode": 0, "usage_in_usermode": 0}
    found: Document = {
        "total_usage": stats.cpu_total,
        "usage_in_kernelmode": stats.cpu_kernel,
        "usage_in_usermode": stats.cpu_user,
    }
    if stats.cpu_per_cpu:
        found["percpu_usage"] = stats.cpu_per_cpu
    return found


def _throttling(stats: Stats | None) -> Document:
    return {
        "periods": stats.throttling_periods if stats else 0,
        "throttled_periods": stats.throttled_periods if stats else 0,
        "throttled_time": stats.throttled_time if stats else 0,
    }


def _memory(stats: Stats) -> Document:
    limit = stats.memory_limit
    total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    found: Document = {
        "usage": stats.memory_usage,
        "stats": stats.memory_stat,
        "limit": limit if 0 <= limit < total else total,
    }
    if stats.version == 1:
        found["max_usage"] = stats.memory_peak
        found["failcnt"] = stats.memory_failures
    return found


BLOCK_KEYS = (
    "io_service_bytes_recursive", "io_serviced_recursive", "io_queue_recursive",
    "io_service_time_recursive", "io_wait_time_recursive", "io_merged_recursive",
    "io_time_recursive", "sectors_recursive",
)  # fmt: skip


def _block_io(stats: Stats | None) -> Document:
    counts = stats.blkio if stats else {}
    return {
        key: [each.to_dict() for each in counts[key]] if key in counts else None
        for key in BLOCK_KEYS
    }
