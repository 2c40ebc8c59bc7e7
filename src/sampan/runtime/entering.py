"""Namespaces as the spec lists them: which to join, which to make, which to leave again."""

import os

from sampan.linux.flags import (
    CLONE_NEWCGROUP,
    CLONE_NEWIPC,
    CLONE_NEWNET,
    CLONE_NEWNS,
    CLONE_NEWPID,
    CLONE_NEWUSER,
    CLONE_NEWUTS,
)
from sampan.linux.namespaces import FILES, setns, unshare
from sampan.runtime import stages
from sampan.runtime.progress import Progress

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

# runtime-spec, config-linux.md, "Namespaces", but for "time": that one is entered by the next
# fork only, after its offsets were written, and no caller of ours asks for it.
NAMESPACES = {
    "user": CLONE_NEWUSER,
    "pid": CLONE_NEWPID,
    "network": CLONE_NEWNET,
    "ipc": CLONE_NEWIPC,
    "uts": CLONE_NEWUTS,
    "mount": CLONE_NEWNS,
    "cgroup": CLONE_NEWCGROUP,
}


class Host:
    """The host's namespaces of some kinds, kept open as a way back."""

    __slots__ = ("fds",)

    def __init__(self, kinds: int) -> None:
        self.fds = {
            kind: os.open(f"/proc/self/ns/{FILES[kind]}", os.O_RDONLY | os.O_CLOEXEC)
            for kind in NAMESPACES.values()
            if kind & kinds
        }


class Outside:
    """Which namespaces with settings the process that makes a container has itself: the host's."""

    __slots__ = ("_inodes",)
    KINDS = ("network", "ipc", "uts")

    def __init__(self, host: Host | None) -> None:
        ahead = host.fds if host else {}
        self._inodes = {
            kind: os.fstat(ahead[flag]).st_ino if flag in ahead else _inode(flag)
            for kind, flag in ((kind, NAMESPACES[kind]) for kind in self.KINDS)
        }

    def is_left(self, kind: str) -> bool:
        """Whether this process is in another namespace of that kind by now."""
        return _inode(NAMESPACES[kind]) != self._inodes[kind]


def _inode(flag: int) -> int:
    return os.stat(f"/proc/self/ns/{FILES[flag]}").st_ino


def listed(spec: "Mapping[str, Any]") -> "Iterable[Mapping[str, Any]]":
    """The namespaces that a spec names."""
    return (spec.get("linux") or {}).get("namespaces") or ()


def other_pid_namespace(spec: "Mapping[str, Any]") -> str | None:
    """Path of the pid namespace to join, "" for the host's; None for a new one."""
    for entry in listed(spec):
        if entry["type"] == "pid":
            return entry.get("path") or None
    return ""


def enter(spec: "Mapping[str, Any]", at: Progress, host: Host | None) -> None:
    """Join the namespaces that the spec gives paths for and make the others.

    The pid namespace is the monitor's to make, before the fork. Those made ahead of need
    (host has the way back) are left again when the spec does not name them.
    """
    ahead = dict(host.fds) if host else {}
    make = 0
    join = []
    for entry in listed(spec):
        flag = NAMESPACES[entry["type"]]
        if flag == CLONE_NEWPID:
            continue
        made = ahead.pop(flag, -1)
        if entry.get("path"):
            at.at(stages.NAMESPACES, entry["path"])
            join.append((os.open(entry["path"], os.O_RDONLY | os.O_CLOEXEC), flag))
        elif made < 0:
            make |= flag
        if made >= 0:
            os.close(made)
    join += [(fd, flag) for flag, fd in ahead.items()]
    # A user namespace first: it gives the right to join those that belong to it. The mount
    # namespace last: the paths were those of the present one.
    join.sort(key=lambda pair: (pair[1] != CLONE_NEWUSER, pair[1] == CLONE_NEWNS))
    for fd, flag in join:
        setns(fd, flag)
        os.close(fd)
    at.at(stages.NAMESPACES, "")
    unshare(make)
