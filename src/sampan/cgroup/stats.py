"""The counters of a group, in the kernel's units made equal. Numbers only; no rates.

What Docker's /stats document says of CPU, memory, pids and block I/O is made from this by the
engine.
"""


class BlockCount:
    """One number of one device: what was done (read, write, ...) and how much."""

    __slots__ = ("major", "minor", "op", "value")

    def __init__(self, major: int, minor: int, op: str, value: int) -> None:
        self.major = major
        self.minor = minor
        self.op = op
        self.value = value

    def to_dict(self) -> "dict[str, int | str]":
        """Return it in Docker's words."""
        return {"major": self.major, "minor": self.minor, "op": self.op, "value": self.value}


class Stats:
    """What the kernel counted until now. What it did not count is 0 or empty."""

    __slots__ = (
        "blkio", "cpu_kernel", "cpu_per_cpu", "cpu_total", "cpu_user", "hugetlb", "memory_failures",
        "memory_limit", "memory_peak", "memory_stat", "memory_swap", "memory_usage", "pids",
        "pids_limit", "throttled_periods", "throttled_time", "throttling_periods", "version",
    )  # fmt: skip

    def __init__(self, version: int) -> None:
        """Start with zeros; version is 1 or 2, which decides what memory_stat's words mean."""
        self.version = version
        self.cpu_total = 0  # nanoseconds, as all times here
        self.cpu_user = 0
        self.cpu_kernel = 0
        self.cpu_per_cpu: list[int] = []  # v1 only
        self.throttling_periods = 0
        self.throttled_periods = 0
        self.throttled_time = 0
        self.memory_usage = 0  # bytes, with the page cache
        self.memory_peak = 0
        self.memory_limit = -1  # -1: none
        self.memory_swap = 0
        self.memory_failures = 0  # how often the limit was met
        self.memory_stat: dict[str, int] = {}
        self.pids = 0
        self.pids_limit = -1
        # Docker's names: io_service_bytes_recursive, io_serviced_recursive, ...
        self.blkio: dict[str, list[BlockCount]] = {}
        self.hugetlb: dict[str, dict[str, int]] = {}

    def memory_used(self) -> int:
        """Return usage without the cache that the kernel would give up first.

        What `docker stats` shows (docker/cli, calculateMemUsageUnixNoCache).
        """
        key = "total_inactive_file" if self.version == 1 else "inactive_file"
        cache = self.memory_stat.get(key, 0)
        return self.memory_usage - cache if cache < self.memory_usage else self.memory_usage
