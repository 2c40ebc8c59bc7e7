"""unshare(2) and setns(2), and the kernel's names for the kinds of namespace."""

from ctypes import c_int

from sampan.linux.flags import (
    CLONE_NEWCGROUP,
    CLONE_NEWIPC,
    CLONE_NEWNET,
    CLONE_NEWNS,
    CLONE_NEWPID,
    CLONE_NEWTIME,
    CLONE_NEWUSER,
    CLONE_NEWUTS,
)
from sampan.linux.libc import check, declare

_unshare = declare("unshare", c_int)
_setns = declare("setns", c_int, c_int)

# Files of /proc/<pid>/ns by flag.
FILES = {
    CLONE_NEWUSER: "user",
    CLONE_NEWCGROUP: "cgroup",
    CLONE_NEWIPC: "ipc",
    CLONE_NEWUTS: "uts",
    CLONE_NEWNET: "net",
    CLONE_NEWPID: "pid",
    CLONE_NEWNS: "mnt",
    CLONE_NEWTIME: "time",
}


def unshare(flags: int) -> None:
    """unshare(2)."""
    check(_unshare(flags))


def setns(fd: int, nstype: int = 0) -> None:
    """setns(2): fd is a namespace file, or a pidfd with one or several CLONE_NEW* flags."""
    check(_setns(fd, nstype))
