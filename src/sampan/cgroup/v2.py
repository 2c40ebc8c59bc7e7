"""A group in v2: one directory. See driver.py for what is promised."""

import errno
import os
import select
import signal
import time

from sampan.cgroup import interface, stats_v2
from sampan.cgroup.devices import attach, rules
from sampan.cgroup.devices.program import assemble
from sampan.cgroup.removal import remove_tree
from sampan.cgroup.values.v2 import values
from sampan.cgroup.waiting import wait_until
from sampan.cgroup.writing import write_all

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from sampan.cgroup.stats import Stats

FREEZE_SECONDS = 10.0
NO_DEVICES = "Your kernel does not support device programs on control groups ({}). Discarded."
# Where processes go that stand in the way at the top of a delegated tree.
ASIDE = "/sampan-init"


class CgroupV2:
    """See sampan.cgroup.driver.Cgroup."""

    __slots__ = ("_mount", "_path", "_top")

    def __init__(self, mount: str, path: str) -> None:
        self._top = mount
        self._path = path
        self._mount = f"{mount}{path}"

    def to_dict(self) -> "dict[str, Any]":
        """Describe the group."""
        return {"version": 2, "path": self._path, "mount": self._top}

    def paths(self) -> dict[str, str]:
        """Mount point of the hierarchy to the group's directory."""
        return {self._top: self._mount}

    def directory(self, controller: str) -> str:
        """Where a controller keeps this group: the same place for all."""
        return self._mount

    def create(self, resources: "Mapping[str, Any]") -> list[str]:
        """Make the directory, hand the controllers down to it, and write the limits."""
        try:
            self._make_all()
        except FileNotFoundError:
            # Another daemon's end took the empty parent away meanwhile.
            self._make_all()
        return self.update(resources)

    def _make_all(self) -> None:
        above = self._top
        for part in self._path.strip("/").split("/"):
            _enable(above, self._top)
            above = f"{above}/{part}"
            _make(above)

    def update(self, resources: "Mapping[str, Any]") -> list[str]:
        """Change the limits that are named."""
        warnings = write_all(values(resources), self.directory)
        return warnings + self._devices(resources.get("devices"))

    def _devices(self, listed: "list[Mapping[str, Any]] | None") -> list[str]:
        if not listed:
            return []
        try:
            attach.replace(self._mount, assemble(rules.reduce(listed)))
        except OSError as error:
            # Only a kernel built without it may do without: elsewhere no rules is no isolation.
            if error.errno not in (errno.ENOSYS, errno.EOPNOTSUPP):
                raise
            return [NO_DEVICES.format(error.strerror)]
        return []

    def join_self(self) -> None:
        """Move in."""
        interface.write(f"{self._mount}/cgroup.procs", "0")

    def exists(self) -> bool:
        """Whether the group is there."""
        return os.path.isdir(self._mount)

    def pids(self) -> list[int]:
        """Processes in the group and below it."""
        return [pid for group in interface.below(self._mount) for pid in interface.pids(group)]

    def freeze(self) -> None:
        """Stop everything inside."""
        interface.write(f"{self._mount}/cgroup.freeze", "1")
        if not self._wait_event("frozen 1", FREEZE_SECONDS):
            self.thaw()
            raise OSError(errno.EBUSY, "processes did not freeze in time", self._mount)

    def thaw(self) -> None:
        """Let it go on."""
        interface.write(f"{self._mount}/cgroup.freeze", "0")

    def is_frozen(self) -> bool:
        """Whether everything inside is stopped, or about to be."""
        return interface.read_or(f"{self._mount}/cgroup.freeze", "0").strip() == "1"

    def _wait_event(self, line: str, seconds: float) -> bool:
        """Wait until cgroup.events says so; the kernel notifies its readers (cgroup-v2.rst)."""
        deadline = time.monotonic() + seconds
        fd = os.open(f"{self._mount}/cgroup.events", os.O_RDONLY | os.O_CLOEXEC)
        try:
            poll = select.poll()
            poll.register(fd, select.POLLPRI)
            while line not in os.pread(fd, 4096, 0).decode().splitlines():
                left = deadline - time.monotonic()
                if left <= 0:
                    return False
                poll.poll(left * 1000)
            return True
        finally:
            os.close(fd)

    def kill(self) -> None:
        """SIGKILL to everything inside."""
        try:
            interface.write(f"{self._mount}/cgroup.kill", "1")
        except FileNotFoundError:
            if self.exists():
                self._kill_one_by_one()

    def _kill_one_by_one(self) -> None:
        """What cgroup.kill does, for kernels before 5.14."""
        interface.write(f"{self._mount}/cgroup.freeze", "1")
        self._wait_event("frozen 1", 1.0)
        self._signal_all()
        self.thaw()
        wait_until(lambda: not self._signal_all(), 1.0)

    def _signal_all(self) -> bool:
        found = self.pids()
        for pid in found:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        return bool(found)

    def oom_kills(self) -> int:
        """Count the kernel's kills for memory, here and below."""
        return interface.table(f"{self._mount}/memory.events").get("oom_kill", 0)

    def stats(self) -> "Stats":
        """Read the counters."""
        return stats_v2.read(self._mount)

    def remove(self) -> None:
        """Remove the directory."""
        remove_tree(self._mount)


def _make(directory: str) -> None:
    try:
        os.mkdir(directory)
    except FileExistsError:
        return


def _enable(directory: str, top: str) -> None:
    """Hand down every controller there is to the groups below a directory."""
    there = interface.read(f"{directory}/cgroup.controllers").split()
    file = f"{directory}/cgroup.subtree_control"
    wanted = [name for name in there if name not in interface.read(file).split()]
    if not wanted:
        return
    try:
        _add(file, wanted)
    except OSError as error:
        # Only the real root may have both processes and controllers handed down ("no internal
        # processes", cgroup-v2.rst). Inside a container or a delegated unit our own directory
        # is the top: whoever is there steps aside into a group.
        if error.errno != errno.EBUSY or directory != top or not _is_delegated(top):
            raise
        _step_aside(top)
        _add(file, wanted)


def _add(file: str, controllers: list[str]) -> None:
    try:
        interface.write(file, " ".join(f"+{name}" for name in controllers))
    except OSError as error:
        if error.errno == errno.EBUSY or len(controllers) == 1:
            raise
        # One of them cannot be handed down (cpu with real-time tasks about): take the others.
        for name in controllers:
            try:
                interface.write(file, f"+{name}")
            except OSError:
                continue


def _is_delegated(top: str) -> bool:
    return os.path.exists(f"{top}/cgroup.type")


def _step_aside(top: str) -> None:
    _make(f"{top}{ASIDE}")
    for pid in interface.pids(top):
        try:
            interface.write(f"{top}{ASIDE}/cgroup.procs", str(pid))
        except OSError as error:
            # It ended meanwhile, or is the kernel's.
            if error.errno not in (errno.ESRCH, errno.EINVAL):
                raise
