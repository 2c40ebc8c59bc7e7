"""Device nodes and links of a container's /dev.

Which devices beyond the default ones exist is the spec's business; whether they may be
used, the control group's.
"""

import os
import stat

from sampan.linux import mounts
from sampan.linux.flags import AT_FDCWD
from sampan.runtime.rootfs.tree import Tree

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

# runtime-spec, config-linux.md, "Default Devices": what every container has.
DEFAULT = (
    ("/dev/null", 1, 3),
    ("/dev/zero", 1, 5),
    ("/dev/full", 1, 7),
    ("/dev/random", 1, 8),
    ("/dev/urandom", 1, 9),
    ("/dev/tty", 5, 0),
)
# runtime-linux.md, "Dev symbolic links".
LINKS = (
    ("fd", "/proc/self/fd"),
    ("stdin", "/proc/self/fd/0"),
    ("stdout", "/proc/self/fd/1"),
    ("stderr", "/proc/self/fd/2"),
)
# What every container may use, whatever the spec's rules say: the default devices, terminals,
# and making nodes (without the right to open them). runc adds the same to every bundle.
ALLOWED = [
    {"allow": True, "type": "c", "access": "m"},
    {"allow": True, "type": "b", "access": "m"},
    *(
        {"allow": True, "type": "c", "major": major, "minor": minor, "access": "rwm"}
        for major, minor in ((1, 3), (1, 5), (1, 7), (1, 8), (1, 9), (5, 0), (5, 1), (5, 2))
    ),
    {"allow": True, "type": "c", "major": 136, "access": "rwm"},
]
KINDS = {"c": stat.S_IFCHR, "u": stat.S_IFCHR, "b": stat.S_IFBLK, "p": stat.S_IFIFO}


class Device:
    """One node to make."""

    __slots__ = ("gid", "kind", "mode", "path", "rdev", "uid")

    def __init__(self, path: str, kind: int, rdev: int, mode: int, uid: int, gid: int) -> None:
        self.path = path
        self.kind = kind
        self.rdev = rdev
        self.mode = mode
        self.uid = uid
        self.gid = gid


def plan(wanted: "Iterable[Mapping[str, Any]]") -> list[Device]:
    """The default devices and the spec's; the spec's wins where both name a path."""
    devices = {
        path: Device(path, stat.S_IFCHR, os.makedev(major, minor), 0o666, 0, 0)
        for path, major, minor in DEFAULT
    }
    for entry in wanted:
        path = "/" + entry["path"].lstrip("/")
        # ptmx and console belong to the container's own devpts, whatever the spec says.
        if path not in {"/dev/ptmx", "/dev/console"}:
            devices[path] = Device(
                path,
                KINDS[entry["type"]],
                os.makedev(entry.get("major", 0), entry.get("minor", 0)),
                entry.get("fileMode") or 0o666,
                entry.get("uid") or 0,
                entry.get("gid") or 0,
            )
    return list(devices.values())


def make(tree: Tree, device: Device, *, bind: bool) -> None:
    """Make one node; with bind, show the host's own (mknod fails in a user namespace)."""
    parent, _, name = device.path.rpartition("/")
    directory = tree.make_directory(parent)
    try:
        if bind:
            _bind(directory, name, device)
            return
        mode = device.kind | device.mode
        try:
            os.mknod(name, mode, device.rdev, dir_fd=directory)
        except FileExistsError:
            # From the image or a volume, then: its kind and mode are anybody's guess.
            os.unlink(name, dir_fd=directory)
            os.mknod(name, mode, device.rdev, dir_fd=directory)
        if device.uid or device.gid:
            os.chown(
                name, device.uid, device.gid, dir_fd=directory, follow_symlinks=False
            )
    finally:
        os.close(directory)


def _bind(directory: int, name: str, device: Device) -> None:
    flags = os.O_CREAT | os.O_WRONLY | os.O_NOFOLLOW | os.O_CLOEXEC
    os.close(os.open(name, flags, 0o666, dir_fd=directory))
    source = mounts.open_tree(AT_FDCWD, device.path)
    try:
        target = os.open(name, os.O_PATH | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=directory)
        try:
            mounts.move_mount(source, target)
        finally:
            os.close(target)
    finally:
        os.close(source)


def link(tree: Tree) -> None:
    """Make the links that programs expect in /dev, and point ptmx at the own devpts."""
    directory = tree.make_directory("/dev")
    try:
        for name, target in (*LINKS, ("ptmx", "pts/ptmx")):
            try:
                os.symlink(target, name, dir_fd=directory)
            except FileExistsError:
                if name == "ptmx":
                    os.unlink(name, dir_fd=directory)
                    os.symlink(target, name, dir_fd=directory)
    finally:
        os.close(directory)
