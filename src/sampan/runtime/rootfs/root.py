"""The root directory as a whole: its own mount, and making it the root.

What is mounted inside it is execute.py's business.
"""

import os

from sampan.linux import mounts
from sampan.linux.flags import (
    AT_FDCWD,
    AT_RECURSIVE,
    MNT_DETACH,
    MOUNT_ATTR_RDONLY,
    MS_MOVE,
    MS_PRIVATE,
    MS_REC,
    MS_SHARED,
    MS_SLAVE,
    OPEN_TREE_CLONE,
)
from sampan.runtime.rootfs.execute import mount_at
from sampan.runtime.rootfs.mounts import PROPAGATION, plan_one
from sampan.runtime.rootfs.tree import Tree

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any


def part_from_host(propagation: str) -> None:
    """Keep mounts of this namespace from reaching the host's, but for what was asked."""
    flags = PROPAGATION.get(propagation, MS_SLAVE | MS_REC)
    mounts.mount("", "/", flags=flags | MS_REC)


def mount_root(path: str, steps: "Sequence[Mapping[str, Any]]", propagation: str) -> Tree:
    """Mount the root file system at path and open it.

    With nothing to mount, path is mounted onto itself: pivot_root(2) wants a mount point.
    """
    if PROPAGATION.get(propagation, 0) & MS_SHARED:
        _make_parent_private(path)
    for entry in steps:
        target = entry.get("target", "")
        mount_at(plan_one(entry), os.path.join(path, target) if target else path)
    if not steps:
        fd = mounts.open_tree(AT_FDCWD, path, OPEN_TREE_CLONE | AT_RECURSIVE)
        try:
            mounts.mount_setattr(fd, propagation=MS_PRIVATE)
            mounts.move_mount(fd, AT_FDCWD, path)
        finally:
            os.close(fd)
    return Tree(os.open(path, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC))


def _make_parent_private(path: str) -> None:
    """Make the mount that holds path private, or the new root would show on the host."""
    path = os.path.realpath(path)
    best = "/"
    with open("/proc/self/mountinfo", encoding="utf-8", errors="surrogateescape") as lines:
        for line in lines:
            # Spaces and the like are octal escapes (proc(5)); none is in paths of ours.
            point = line.split(" ", 5)[4]
            inside = path == point or path.startswith(point.rstrip("/") + "/")
            if inside and len(point) >= len(best):
                best = point
    mounts.mount("", best, flags=MS_PRIVATE)


def make_read_only(tree: Tree) -> None:
    """Make the root itself read-only, leaving what is mounted inside."""
    mounts.mount_setattr(tree.fd, attr_set=MOUNT_ATTR_RDONLY)


def pivot(tree: Tree) -> None:
    """Make the tree the root of this mount namespace and let go of the host's."""
    old = os.open("/", os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fchdir(tree.fd)
        # The same directory twice: no place for the old root is needed in the container
        # (pivot_root(2), "pivot_root(".", ".")").
        mounts.pivot_root(".", ".")
        os.fchdir(old)
        # Slave first, or unmounting would travel to the host.
        mounts.mount("", ".", flags=MS_SLAVE | MS_REC)
        mounts.umount2(".", MNT_DETACH)
    finally:
        os.close(old)
    os.chdir("/")


def change_root(tree: Tree) -> None:
    """Take the tree as root without pivot_root, for roots on an initramfs (--no-pivot)."""
    os.fchdir(tree.fd)
    mounts.mount(".", "/", flags=MS_MOVE)
    os.chroot(".")
    os.chdir("/")
