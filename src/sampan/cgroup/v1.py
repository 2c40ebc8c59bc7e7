"""A group in v1 or hybrid: one directory per tree. See driver.py for what is promised."""

import errno
import os
import signal

from sampan.cgroup import interface, stats_v1
from sampan.cgroup.devices import rules
from sampan.cgroup.removal import remove_tree
from sampan.cgroup.values.v1 import values
from sampan.cgroup.waiting import wait_until
from sampan.cgroup.writing import write_all

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from sampan.cgroup.stats import Stats

NO_DEVICES = (
    "Your kernel does not support the devices cgroup or it is not mounted. Device rules discarded."
)
FREEZE_SECONDS = 10.0


class CgroupV1:
    """See sampan.cgroup.driver.Cgroup."""

    __slots__ = ("_directories", "_mounts", "_path")

    def __init__(self, mounts: "Mapping[str, str]", path: str) -> None:
        self._mounts = dict(mounts)
        self._path = path
        self._directories = list(dict.fromkeys(f"{point}{path}" for point in mounts.values()))

    def to_dict(self) -> "dict[str, Any]":
        """Describe the group."""
        return {"version": 1, "path": self._path, "mounts": self._mounts}

    def paths(self) -> dict[str, str]:
        """Mount point of each hierarchy to the group's directory in it."""
        return {point: f"{point}{self._path}" for point in self._mounts.values()}

    def directory(self, controller: str) -> str:
        """Where a controller keeps this group, or "" when it is not mounted."""
        point = self._mounts.get(controller)
        return f"{point}{self._path}" if point else ""

    def create(self, resources: "Mapping[str, Any]") -> list[str]:
        """Make the directories and write the limits."""
        for directory in self._directories:
            _make(directory)
        if cpuset := self.directory("cpuset"):
            _inherit_cpuset(cpuset, self._mounts["cpuset"])
        warnings = write_all(values(resources), self.directory)
        return warnings + self._devices(resources.get("devices"))

    def update(self, resources: "Mapping[str, Any]") -> list[str]:
        """Change the limits that are named."""
        warnings = write_all(values(resources), self.directory)
        return warnings + self._devices(resources.get("devices"))

    def _devices(self, listed: "list[Mapping[str, Any]] | None") -> list[str]:
        if not listed:
            return []
        directory = self.directory("devices")
        if not directory:
            return [NO_DEVICES]
        for file, lines in rules.lines_v1(rules.reduce(listed)):
            interface.write(f"{directory}/{file}", *lines)
        return []

    def join_self(self) -> None:
        """Move in.

        tasks, not cgroup.procs: moving one thread does not wait for all CPUs to agree on the
        thread group (0.45 ms against 3.8 in the worst tenth, measured).
        """
        for directory in self._directories:
            interface.write(f"{directory}/tasks", "0")

    def exists(self) -> bool:
        """Whether the group is there, in any tree."""
        return any(os.path.isdir(directory) for directory in self._directories)

    def pids(self) -> list[int]:
        """Processes in the group and below it."""
        main = self.directory("freezer") or self._directories[0]
        return [pid for group in interface.below(main) for pid in interface.pids(group)]

    def freeze(self) -> None:
        """Stop everything inside."""
        if not self._freeze(FREEZE_SECONDS):
            self.thaw()
            raise OSError(
                errno.EBUSY, "processes did not freeze in time", self.directory("freezer")
            )

    def _freeze(self, seconds: float) -> bool:
        state = self._freezer_state()
        interface.write(state, "FROZEN")

        def frozen() -> bool:
            if interface.read(state).strip() == "FROZEN":
                return True
            # A task that forked meanwhile is caught by asking again (runc does the same).
            interface.write(state, "FROZEN")
            return False

        return wait_until(frozen, seconds)

    def thaw(self) -> None:
        """Let it go on."""
        interface.write(self._freezer_state(), "THAWED")

    def is_frozen(self) -> bool:
        """Whether everything inside is stopped, or about to be."""
        directory = self.directory("freezer")
        state = interface.read_or(f"{directory}/freezer.state", "") if directory else ""
        return state.strip() in {"FREEZING", "FROZEN"}

    def _freezer_state(self) -> str:
        directory = self.directory("freezer")
        if not directory:
            raise OSError(errno.EOPNOTSUPP, "the freezer cgroup is not mounted", self._path)
        return f"{directory}/freezer.state"

    def kill(self) -> None:
        """SIGKILL to everything inside."""
        if not self.pids():
            return
        frozen = bool(self.directory("freezer"))
        if frozen:
            # Frozen, nobody can fork away from the list. Not all may stop in time: those are
            # signalled as well, and the rounds below catch what they forked.
            self._freeze(1.0)
        self._signal_all()
        if frozen:
            # A signal to a frozen v1 group acts only after the thaw.
            self.thaw()
        wait_until(lambda: not self._signal_all(), 1.0)

    def _signal_all(self) -> bool:
        """Signal; return whether there was anybody."""
        found = self.pids()
        for pid in found:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        return bool(found)

    def oom_kills(self) -> int:
        """Count the kernel's kills for memory; the counter is there since Linux 4.13."""
        directory = self.directory("memory")
        return interface.table(f"{directory}/memory.oom_control").get("oom_kill", 0)

    def stats(self) -> "Stats":
        """Read the counters."""
        return stats_v1.read(self.directory)

    def remove(self) -> None:
        """Remove the directories of all trees."""
        for directory in self._directories:
            remove_tree(directory)


def _make(directory: str) -> None:
    try:
        os.mkdir(directory)
    except FileExistsError:
        return
    except FileNotFoundError:
        _make(os.path.dirname(directory))
        _make(directory)


def _inherit_cpuset(directory: str, top: str) -> None:
    """Fill in the sets of a new group: v1 starts them empty, and nobody can join an empty one."""
    for file in ("cpuset.cpus", "cpuset.mems"):
        _inherit(directory, top, file)


def _inherit(directory: str, top: str, file: str) -> str:
    text = interface.read(f"{directory}/{file}").strip()
    if not text and directory != top:
        text = _inherit(os.path.dirname(directory), top, file)
        interface.write(f"{directory}/{file}", text)
    return text
