"""Hiding and write-protecting parts of the tree: maskedPaths and readonlyPaths.

Everything by descriptor and on verified things: a /dev/null that the image replaced by a
link would turn a mask into a hole (CVE-2025-31133).
"""

import errno
import os
import stat

from sampan.linux import mounts
from sampan.linux.flags import AT_RECURSIVE, MOUNT_ATTR_RDONLY, OPEN_TREE_CLONE
from sampan.runtime.rootfs.tree import Tree

NULL = os.makedev(1, 3)


class Masks:
    """Covers for files and directories: clones of two mounts, made when first needed."""

    __slots__ = ("_directory", "_tree")

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._directory = -1

    def cover(self, path: str) -> None:
        """Hide what is at path, if there is anything."""
        target = _open_existing(self._tree, path)
        if target < 0:
            return
        try:
            if stat.S_ISDIR(os.fstat(target).st_mode):
                self._cover_directory(target)
            else:
                _move(self._null(), target)
        finally:
            os.close(target)

    def _null(self) -> int:
        """Return a detached mount of the container's own null device, checked to be one."""
        null = self._tree.open("/dev/null", os.O_PATH | os.O_NOFOLLOW)
        try:
            found = os.fstat(null)
            if not stat.S_ISCHR(found.st_mode) or found.st_rdev != NULL:
                raise OSError(errno.EINVAL, "is not the null device", "/dev/null")
            return mounts.open_tree(null, "")
        finally:
            os.close(null)

    def _cover_directory(self, target: int) -> None:
        # One superblock for all of them, each path a clone: a tmpfs apiece would cost 60 us.
        # The clones are made of the one that is in place: a detached mount can itself be cloned
        # only since Linux 6.15.
        if self._directory >= 0:
            _move(mounts.open_tree(self._directory, ""), target)
            return
        fs = mounts.fsopen("tmpfs")
        try:
            mounts.fsconfig(fs, "size", "4k")
            mounts.fsconfig(fs, "nr_inodes", "1")
            mounts.fsconfig(fs, "ro")
            self._directory = mounts.fsmount(fs, MOUNT_ATTR_RDONLY)
        finally:
            os.close(fs)
        mounts.move_mount(self._directory, target)

    def close(self) -> None:
        """Let go of the first mount."""
        if self._directory >= 0:
            os.close(self._directory)
            self._directory = -1


def _move(cover: int, target: int) -> None:
    try:
        mounts.move_mount(cover, target)
    finally:
        os.close(cover)


def make_read_only(tree: Tree, path: str) -> None:
    """Mount what is at path over itself, read-only; nothing there is fine."""
    target = _open_existing(tree, path)
    if target < 0:
        return
    try:
        copy = mounts.open_tree(target, "", OPEN_TREE_CLONE | AT_RECURSIVE)
        try:
            mounts.mount_setattr(copy, attr_set=MOUNT_ATTR_RDONLY)
            mounts.move_mount(copy, target)
        finally:
            os.close(copy)
    finally:
        os.close(target)


def _open_existing(tree: Tree, path: str) -> int:
    try:
        return tree.open(path)
    except OSError as error:
        # ENOTDIR: a parent is a file; then there is nothing at path either.
        if error.errno in {errno.ENOENT, errno.ENOTDIR, errno.EACCES}:
            return -1
        raise
