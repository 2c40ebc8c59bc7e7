"""Reading the counters of a v2 group."""

from sampan.cgroup import interface
from sampan.cgroup.stats import BlockCount, Stats

# io.stat's words as Docker's names and operations (moby, daemon/stats/collector_unix.go).
IO = (
    ("rbytes", "io_service_bytes_recursive", "read"),
    ("wbytes", "io_service_bytes_recursive", "write"),
    ("rios", "io_serviced_recursive", "read"),
    ("wios", "io_serviced_recursive", "write"),
)


def read(directory: str) -> Stats:
    """Read all."""
    stats = Stats(2)
    _cpu(stats, directory)
    _memory(stats, directory)
    stats.pids = interface.number(f"{directory}/pids.current")
    stats.pids_limit = interface.number(f"{directory}/pids.max") or -1
    parse_io(stats, interface.read_or(f"{directory}/io.stat", ""))
    return stats


def _cpu(stats: Stats, directory: str) -> None:
    cpu = interface.table(f"{directory}/cpu.stat")
    stats.cpu_total = cpu.get("usage_usec", 0) * 1000
    stats.cpu_user = cpu.get("user_usec", 0) * 1000
    stats.cpu_kernel = cpu.get("system_usec", 0) * 1000
    stats.throttling_periods = cpu.get("nr_periods", 0)
    stats.throttled_periods = cpu.get("nr_throttled", 0)
    stats.throttled_time = cpu.get("throttled_usec", 0) * 1000


def _memory(stats: Stats, directory: str) -> None:
    stats.memory_stat = interface.table(f"{directory}/memory.stat")
    stats.memory_usage = interface.number(f"{directory}/memory.current")
    stats.memory_peak = interface.number(f"{directory}/memory.peak")
    stats.memory_swap = interface.number(f"{directory}/memory.swap.current")
    stats.memory_limit = interface.number(f"{directory}/memory.max") or -1
    stats.memory_failures = interface.table(f"{directory}/memory.events").get("oom", 0)


def parse_io(stats: Stats, text: str) -> None:
    """Read lines such as "8:0 rbytes=4096 wbytes=0 rios=1 wios=0 dbytes=0 dios=0"."""
    for line in text.splitlines():
        device, *pairs = line.split()
        major, _, minor = device.partition(":")
        values = dict(pair.split("=", 1) for pair in pairs if "=" in pair)
        for key, name, op in IO:
            if values.get(key, "").isdecimal():
                count = BlockCount(int(major), int(minor), op, int(values[key]))
                stats.blkio.setdefault(name, []).append(count)
