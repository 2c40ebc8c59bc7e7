"""Copies directory trees of ours: owners, modes, times, attributes, hard links, special files."""

import errno
import os
import stat
from contextlib import suppress

from sampan.storage import tree

_CHUNK = 16 << 20


def copy_tree(origin: str, target: str, *, link: bool) -> None:
    """Copy what is in one directory into another, empty one, with the directory's own attributes.

    With `link`, files are not copied but linked: for trees in which files are only ever replaced.
    """
    Copier(link=link).copy(tree.open_directory(origin), tree.open_directory(target))


class Copier:
    """One copy being made."""

    def __init__(self, *, link: bool) -> None:
        self._link = link
        self._first: dict[tuple[int, int], str] = {}  # hard links, by inode, to the copy's path

    def copy(self, origin: int, target: int) -> None:
        """Copy between two directories; closes both."""
        root = target
        stack = [("", origin, target, sorted(os.listdir(origin)))]
        while stack:
            prefix, here, there, names = stack[-1]
            if not names:
                adorn(here, there)
                os.close(here)
                if there != root:
                    os.close(there)
                stack.pop()
                continue
            name = names.pop()
            status = os.lstat(name, dir_fd=here)
            if stat.S_ISDIR(status.st_mode):
                os.mkdir(name, 0o700, dir_fd=there)
                below = tree.open_directory(name, here)
                made = tree.open_directory(name, there)
                stack.append((f"{prefix}{name}/", below, made, sorted(os.listdir(below))))
            else:
                self._node(prefix + name, name, here, there, status, root)
        os.close(root)

    def _node(
        self, path: str, name: str, here: int, there: int, status: os.stat_result, root: int
    ) -> None:
        regular = stat.S_ISREG(status.st_mode)
        if regular and self._link and _linked(name, here, there):
            return
        if status.st_nlink > 1:
            first = self._first.setdefault((status.st_dev, status.st_ino), path)
            if first != path:
                os.link(first, name, src_dir_fd=root, dst_dir_fd=there, follow_symlinks=False)
                return
        if regular:
            _file(name, here, there, status)
            return
        if stat.S_ISLNK(status.st_mode):
            os.symlink(os.readlink(name, dir_fd=here), name, dir_fd=there)
        else:
            os.mknod(name, status.st_mode, status.st_rdev, dir_fd=there)
        os.chown(name, status.st_uid, status.st_gid, dir_fd=there, follow_symlinks=False)
        if not stat.S_ISLNK(status.st_mode):
            os.chmod(name, stat.S_IMODE(status.st_mode), dir_fd=there)
        times = (status.st_atime_ns, status.st_mtime_ns)
        os.utime(name, ns=times, dir_fd=there, follow_symlinks=False)


def _linked(name: str, here: int, there: int) -> bool:
    try:
        os.link(name, name, src_dir_fd=here, dst_dir_fd=there, follow_symlinks=False)
    except OSError:
        return False  # too many links to one file (EMLINK): a copy, then
    return True


def _file(name: str, here: int, there: int, status: os.stat_result) -> None:
    origin = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=here)
    try:
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
        target = os.open(name, flags, 0o600, dir_fd=there)
        try:
            copy_content(origin, target, status)
            adorn(origin, target)
        finally:
            os.close(target)
    finally:
        os.close(origin)


def copy_content(origin: int, target: int, status: os.stat_result) -> None:
    """Copy the bytes of a file, in the kernel; holes stay holes."""
    if status.st_blocks * 512 >= status.st_size:
        while _pass_on(origin, target, _CHUNK):
            pass
        return
    os.ftruncate(target, status.st_size)
    at = 0
    while at < status.st_size:
        try:
            at = os.lseek(origin, at, os.SEEK_DATA)
        except OSError:
            return  # ENXIO: only a hole is left
        end = os.lseek(origin, at, os.SEEK_HOLE)
        os.lseek(origin, at, os.SEEK_SET)
        os.lseek(target, at, os.SEEK_SET)
        while at < end:
            done = _pass_on(origin, target, min(end - at, _CHUNK))
            if not done:
                return
            at += done


def _pass_on(origin: int, target: int, length: int) -> int:
    """Copy up to length bytes from where both stand."""
    try:
        return os.copy_file_range(origin, target, length)
    except OSError as error:
        # copy_file_range(2): EXDEV between file systems of different kinds, overlay and ext4.
        if error.errno not in {errno.EXDEV, errno.EOPNOTSUPP, errno.ENOSYS}:
            raise
    return os.sendfile(target, origin, None, length)


def adorn(origin: int, target: int) -> None:
    """Give one open file or directory the owner, mode, attributes and times of another."""
    status = os.fstat(origin)
    os.fchown(target, status.st_uid, status.st_gid)
    os.fchmod(target, stat.S_IMODE(status.st_mode))
    with suppress(OSError):  # a file system without attributes
        for name in os.listxattr(origin):
            os.setxattr(target, name, os.getxattr(origin, name))
    os.utime(target, ns=(status.st_atime_ns, status.st_mtime_ns))
