"""Which hierarchies this machine has, from /proc/self/mountinfo. Reads; changes nothing."""

from sampan.cgroup.v1 import CgroupV1
from sampan.cgroup.v2 import CgroupV2
from sampan.errors import InvalidRequest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

MOUNTINFO = "/proc/self/mountinfo"

# The v1 controllers a container has a group in. The name=systemd tree is joined as well: systemd
# counts who is in a service there, and would kill a container with the daemon's service.
CONTROLLERS = (
    "cpu", "cpuacct", "cpuset", "memory", "devices", "freezer", "blkio", "pids", "hugetlb",
    "net_cls", "net_prio", "perf_event", "rdma", "misc", "name=systemd",
)  # fmt: skip


class Hierarchy:
    """What this machine has.

    version is v1, hybrid or v2; mounts says where each v1 controller is (several may share a
    tree); unified is where the v2 tree is, or "".
    """

    __slots__ = ("mounts", "unified", "version")

    def __init__(self, mounts: "dict[str, str]", unified: str) -> None:
        self.mounts = mounts
        self.unified = unified
        # A machine may have v2 alone and still a v1 name=systemd tree for old programs.
        real = [controller for controller in mounts if not controller.startswith("name=")]
        if real or not unified:
            self.version = "hybrid" if unified else "v1"
        else:
            self.version = "v2"

    def group(self, path: str) -> "CgroupV1 | CgroupV2":
        """Return the handle of one group; path is absolute, below the top of each tree."""
        clean = _clean(path)
        if self.version == "v2":
            return CgroupV2(self.unified, clean)
        return CgroupV1(self.mounts, clean)

    def describe(self) -> "dict[str, Any]":
        """Say it for people and for `docker info`."""
        return {
            "version": self.version,
            "mounts": dict(self.mounts),
            "unified": self.unified,
        }


def detect(mountinfo: str = MOUNTINFO) -> Hierarchy:
    """Look at this machine."""
    with open(mountinfo, encoding="utf-8", errors="surrogateescape") as lines:
        return parse(lines.read())


def parse(mountinfo: str) -> Hierarchy:
    """Find the hierarchies in the text of a mountinfo file (proc(5))."""
    mounts: dict[str, str] = {}
    unified = ""
    for line in mountinfo.splitlines():
        fields, _, rest = line.partition(" - ")
        kind, _, tail = rest.partition(" ")
        if kind not in ("cgroup", "cgroup2"):
            continue
        point = _unescape(fields.split(" ")[4])
        if kind == "cgroup2":
            # The first one: later ones are bind mounts for somebody's container.
            unified = unified or point
            continue
        for option in tail.rpartition(" ")[2].split(","):
            if option in CONTROLLERS:
                mounts.setdefault(option, point)
    return Hierarchy(mounts, unified)


def _unescape(path: str) -> str:
    for code in ("040", "011", "012", "134"):
        path = path.replace("\\" + code, chr(int(code, 8)))
    return path


def _clean(path: str) -> str:
    parts = [part for part in path.split("/") if part not in ("", ".")]
    if ".." in parts or not parts:
        raise InvalidRequest(f"control group path {path!r} must be below the top, without ..")
    return "/" + "/".join(parts)
