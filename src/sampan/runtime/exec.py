"""The child that becomes a further program in a running container.

Forked by an exec monitor, which has already set the pid namespace. Everything the container
could use against us while we enter is closed first: see the comments.
"""

import os
import stat

from sampan.linux import pty
from sampan.linux.flags import (
    CLONE_NEWCGROUP,
    CLONE_NEWIPC,
    CLONE_NEWNET,
    CLONE_NEWNS,
    CLONE_NEWUSER,
    CLONE_NEWUTS,
)
from sampan.linux.namespaces import setns
from sampan.linux.statfs import DEVPTS_SUPER_MAGIC, fstatfs_type
from sampan.runtime import packets, progress, seal, stages
from sampan.runtime.init import take_streams
from sampan.runtime.program import Program
from sampan.runtime.rootfs.tree import Tree

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

PTMX = os.makedev(5, 2)
NAMESPACES = CLONE_NEWNS | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWNET | CLONE_NEWCGROUP


class Execution:
    """What the child knows of the program it is to become."""

    __slots__ = ("join_cgroup", "pidfd", "program", "standard", "user_namespace")

    def __init__(self, program: Program, pidfd: int) -> None:
        self.program = program
        self.pidfd = pidfd
        self.standard: tuple[int, int, int] | None = None  # None: a terminal
        self.join_cgroup: Callable[[], None] | None = None
        self.user_namespace = False

    def become(self, at: progress.Progress) -> None:
        """Turn this process into the program; returns by raising only."""
        seal.become_harmless("sampan: exec", die_with_parent=self.program.die_with_parent)
        at.at(stages.CGROUP, "")
        if self.join_cgroup:
            self.join_cgroup()
        self.program.prepare(at.at)
        at.at(stages.NAMESPACES, "")
        setns(self.pidfd, NAMESPACES | (CLONE_NEWUSER if self.user_namespace else 0))
        os.close(self.pidfd)
        at.tell(progress.CREATED)
        at.at(stages.CONSOLE, "")
        if self.standard is None:
            self._open_terminal(at)
        else:
            take_streams(self.standard)
        self.program.settle(at.at)
        at.ask(progress.READY)
        self.program.run(at.at)

    def _open_terminal(self, at: progress.Progress) -> None:
        root = os.open("/", os.O_PATH | os.O_CLOEXEC)
        ptmx = Tree(root).open("/dev/pts/ptmx", os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
        found = os.fstat(ptmx)
        # The container may have put anything there by now.
        is_ptmx = stat.S_ISCHR(found.st_mode) and found.st_rdev == PTMX
        if not is_ptmx or fstatfs_type(ptmx) != DEVPTS_SUPER_MAGIC:
            raise FileNotFoundError(2, "is not a terminal multiplexer", "/dev/pts/ptmx")
        slave, _ = pty.open_pair(ptmx)
        packets.send(at.sock, progress.TERMINAL, (ptmx,))
        os.close(ptmx)
        os.close(root)
        take_streams((slave, slave, slave))
        pty.make_controlling(0)


def has_other_user_namespace(pidfd: int) -> bool:
    """Whether the process lives in another user namespace than we do."""
    pid = 0
    with open(f"/proc/self/fdinfo/{pidfd}", encoding="utf-8") as lines:
        for line in lines:
            if line.startswith("Pid:"):
                pid = int(line[4:])
    ours = os.stat("/proc/self/ns/user")
    return os.stat(f"/proc/{pid}/ns/user").st_ino != ours.st_ino
