"""One value to be written into one interface file."""


class Value:
    """What to write where.

    discard is the warning to give when there is no such file here; every limit has one, because
    Docker leaves out what the kernel cannot do. otherwise, if given, is tried before that.
    """

    # Not a dataclass: importing dataclasses costs 15 ms of every container start.
    __slots__ = ("controller", "discard", "file", "otherwise", "text")

    def __init__(
        self,
        controller: str,
        file: str,
        text: str,
        discard: str,
        otherwise: "Value | None" = None,
    ) -> None:
        self.controller = controller
        self.file = file
        self.text = text
        self.discard = discard
        self.otherwise = otherwise

    def describe(self) -> str:
        """One line, for --debug and for tests."""
        return f"{self.file} = {self.text}"


def missing(feature: str, what: str = "Limitation") -> str:
    """Say that a limit was left out, in Docker's words (moby, daemon_unix.go)."""
    return f"Your kernel does not support {feature} or the cgroup is not mounted. {what} discarded."


MEMORY = missing("memory limit capabilities")
SWAP = (
    "Your kernel does not support swap limit capabilities or the cgroup is not mounted. "
    "Memory limited without swap."
)
RESERVATION = missing("memory soft limit capabilities")
KERNEL_MEMORY = missing("kernel memory limit capabilities")
SWAPPINESS = missing("memory swappiness capabilities", "Memory swappiness")
OOM_KILL = "Your kernel does not support OomKillDisable. OomKillDisable discarded."
SHARES = missing("CPU shares", "Shares")
PERIOD = missing("CPU CFS scheduler", "CPU period")
QUOTA = missing("CPU CFS scheduler", "CPU quota")
REALTIME = missing("CPU real-time scheduler", "CPU real-time")
CPUSET = missing("cpuset", "Cpuset")
PIDS = missing("PIDs limit capabilities", "PIDs limit")
WEIGHT = missing("Block I/O weight", "Weight")
WEIGHT_DEVICE = missing("Block I/O weight_device", "Weight-device")
THROTTLE = missing("Block I/O throttling", "Block I/O limit")
HUGETLB = missing("huge page limits")
NETWORK = missing("network classes", "Network class")
RDMA = missing("RDMA limits")
