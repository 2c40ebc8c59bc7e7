"""The thin layer between an image and its containers: places that every container needs.

The runtime mounts things over /proc, /dev/pts, /etc/hosts and the like. Where an image has no
such file, one must be made; made in each container's own layer it would show up in its diff and
be committed with it. So it is made once for an image, in a layer that is never part of any (the
"init" layer of Docker, daemon/initlayer).
"""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from sampan.errors import InvalidRequest
from sampan.linux.flags import RESOLVE_IN_ROOT, RESOLVE_NO_MAGICLINKS
from sampan.linux.openat2 import openat2
from sampan.runtime.rootfs.tree import Tree

DIRECTORIES = ("dev/pts", "dev/shm", "proc", "sys")
# Programs tell that they run in a container by .dockerenv.
FILES = (".dockerenv", "dev/console", "etc/hostname", "etc/hosts", "etc/resolv.conf")
LINKS = (("etc/mtab", "/proc/mounts"),)
_PARENTS = ("", "dev", "etc")
# What an image can bring about: a file, or a ring of links, where a directory has to be.
_HOSTILE = (errno.ELOOP, errno.ENOTDIR, errno.EEXIST, errno.EISDIR)


def make(root_fd: int) -> None:
    """Make what is missing in an image's tree, which is mounted over an empty upper directory."""
    try:
        with _times_kept(root_fd):
            _make_places(Tree(root_fd))
    except OSError as error:
        if error.errno not in _HOSTILE:
            raise
        reason = os.strerror(error.errno or 0).lower()
        raise InvalidRequest(f"the image has no place for /{error.filename}: {reason}") from error


def _make_places(tree: Tree) -> None:
    for path in DIRECTORIES:
        os.close(tree.make_directory(path))
    for path in FILES:
        os.close(tree.make_file(path))
    for path, target in LINKS:
        above, _, name = path.rpartition("/")
        directory = tree.make_directory(above)
        with suppress(FileExistsError):
            os.symlink(target, name, dir_fd=directory)
        os.close(directory)


@contextmanager
def _times_kept(root_fd: int) -> Iterator[None]:
    """Leave the directories that things are made in as old as the image says."""
    kept = []
    for path in _PARENTS:
        flags = os.O_RDONLY | os.O_DIRECTORY
        with suppress(OSError):
            fd = openat2(root_fd, path or ".", flags, 0, RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS)
            kept.append((fd, os.fstat(fd).st_mtime_ns))
    try:
        yield
        for fd, mtime in kept:
            os.utime(fd, ns=(mtime, mtime))
    finally:
        for fd, _mtime in kept:
            os.close(fd)
