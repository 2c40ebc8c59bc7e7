"""Reading the counters of a v1 group."""

from sampan.cgroup import interface
from sampan.cgroup.stats import BlockCount, Stats

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

# v1 says "no limit" as the largest number of pages.
UNLIMITED = 1 << 62

# Docker's name, then files: the scheduler's own counters when it has any, else those of the
# throttling layer, which counts for every scheduler (runc, fs/blkio.go).
BLKIO = (
    (
        "io_service_bytes_recursive",
        ("blkio.bfq.io_service_bytes_recursive", "blkio.throttle.io_service_bytes_recursive"),
    ),
    (
        "io_serviced_recursive",
        ("blkio.bfq.io_serviced_recursive", "blkio.throttle.io_serviced_recursive"),
    ),
)


def read(directory: "Callable[[str], str]") -> Stats:
    """Read all; directory gives a controller's directory or ""."""
    stats = Stats(1)
    _cpu(stats, directory("cpu"), directory("cpuacct"))
    _memory(stats, directory("memory"))
    _pids(stats, directory("pids"))
    _blkio(stats, directory("blkio"))
    return stats


def _cpu(stats: Stats, cpu: str, accounting: str) -> None:
    stats.cpu_total = interface.number(f"{accounting}/cpuacct.usage")
    stats.cpu_user = interface.number(f"{accounting}/cpuacct.usage_user")
    stats.cpu_kernel = interface.number(f"{accounting}/cpuacct.usage_sys")
    each = interface.read_or(f"{accounting}/cpuacct.usage_percpu", "")
    stats.cpu_per_cpu = [int(word) for word in each.split()]
    throttling = interface.table(f"{cpu}/cpu.stat")
    stats.throttling_periods = throttling.get("nr_periods", 0)
    stats.throttled_periods = throttling.get("nr_throttled", 0)
    stats.throttled_time = throttling.get("throttled_time", 0)


def _memory(stats: Stats, memory: str) -> None:
    stats.memory_stat = interface.table(f"{memory}/memory.stat")
    stats.memory_usage = interface.number(f"{memory}/memory.usage_in_bytes")
    stats.memory_peak = interface.number(f"{memory}/memory.max_usage_in_bytes")
    stats.memory_failures = interface.number(f"{memory}/memory.failcnt")
    stats.memory_swap = stats.memory_stat.get("total_swap", 0)
    limit = interface.number(f"{memory}/memory.limit_in_bytes")
    stats.memory_limit = limit if 0 < limit < UNLIMITED else -1


def _pids(stats: Stats, pids: str) -> None:
    stats.pids = interface.number(f"{pids}/pids.current")
    stats.pids_limit = interface.number(f"{pids}/pids.max") or -1


def _blkio(stats: Stats, blkio: str) -> None:
    for name, files in BLKIO:
        counts: list[BlockCount] = []
        for file in files:
            counts = counts or parse_blkio(interface.read_or(f"{blkio}/{file}", ""))
        stats.blkio[name] = counts


def parse_blkio(text: str) -> list[BlockCount]:
    """Read lines such as "8:0 Read 4096"; the total at the end has no device."""
    found = []
    for line in text.splitlines():
        words = line.split()
        if len(words) != 3:
            continue
        major, _, minor = words[0].partition(":")
        found.append(BlockCount(int(major), int(minor), words[1], int(words[2])))
    return found
