"""Copy a directory tree by descriptor: owners, modes, times, attributes, links, nodes.

Both trees may be hostile: the source comes from an image, and the target may be a volume that a
container is writing to. Nothing follows a symlink out of either.
"""

import os
import stat
from contextlib import suppress

from sampan.storage import tree
from sampan.storage.directories import Directories

CHUNK = 1 << 20
CREATE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


def copy(source_fd: int, target_fd: int) -> None:
    """Copy everything below the source into the empty target, and the source's own attributes."""
    directories = Directories(target_fd)
    links: dict[tuple[int, int], str] = {}
    times: list[tuple[str, os.stat_result]] = []
    for path, (dir_fd, name), status in tree.walk(".", source_fd):
        above, _, last = path.rpartition("/")
        parent = directories.get(above)
        if stat.S_ISDIR(status.st_mode):
            with suppress(FileExistsError):
                os.mkdir(last, 0o700, dir_fd=parent.fd)
            _own(last, parent.fd, status)
            times.append((path, status))
            continue
        key = (status.st_dev, status.st_ino)
        if status.st_nlink > 1 and key in links:
            first = links[key]
            first_above, _, first_last = first.rpartition("/")
            with suppress(FileExistsError):
                os.link(
                    first_last,
                    last,
                    src_dir_fd=directories.get(first_above).fd,
                    dst_dir_fd=parent.fd,
                    follow_symlinks=False,
                )
            continue
        with suppress(FileExistsError):
            _copy_one(name, dir_fd, last, parent.fd, status)
            links[key] = path
    for path, status in reversed(times):
        above, _, last = path.rpartition("/")
        _stamp(last, directories.get(above).fd, status)
    _like(source_fd, target_fd)


def _like(source_fd: int, target_fd: int) -> None:
    """Give the target directory itself the source's owner, mode and times."""
    status = os.fstat(source_fd)
    os.fchown(target_fd, status.st_uid, status.st_gid)
    os.fchmod(target_fd, stat.S_IMODE(status.st_mode))
    os.utime(target_fd, ns=(status.st_atime_ns, status.st_mtime_ns))


def _copy_one(name: str, dir_fd: int, target: str, target_fd: int, status: os.stat_result) -> None:
    if stat.S_ISREG(status.st_mode):
        _copy_file(name, dir_fd, target, target_fd, status)
    elif stat.S_ISLNK(status.st_mode):
        os.symlink(os.readlink(name, dir_fd=dir_fd), target, dir_fd=target_fd)
    elif stat.S_ISSOCK(status.st_mode):
        return  # a socket without its listener is nothing
    else:
        os.mknod(target, stat.S_IFMT(status.st_mode) | 0o600, status.st_rdev, dir_fd=target_fd)
    _own(target, target_fd, status)
    _stamp(target, target_fd, status)


def _copy_file(name: str, dir_fd: int, target: str, target_fd: int, status: os.stat_result) -> None:
    source = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=dir_fd)
    try:
        made = os.open(target, CREATE, 0o600, dir_fd=target_fd)
        try:
            left = status.st_size
            while left > 0:
                done = os.copy_file_range(source, made, min(left, CHUNK << 6))
                if not done:
                    break
                left -= done
            # chown clears file capabilities, so they come after it.
            os.fchown(made, status.st_uid, status.st_gid)
            _copy_attributes(source, made)
        finally:
            os.close(made)
    finally:
        os.close(source)


def _copy_attributes(source: int, made: int) -> None:
    for key in os.listxattr(source):
        if key.startswith(("user.", "security.capability", "system.posix_acl")):
            with suppress(OSError):
                os.setxattr(made, key, os.getxattr(source, key))


def _own(name: str, dir_fd: int, status: os.stat_result) -> None:
    if not stat.S_ISREG(status.st_mode):
        os.chown(name, status.st_uid, status.st_gid, dir_fd=dir_fd, follow_symlinks=False)
    if not stat.S_ISLNK(status.st_mode):
        # What is changed was made by us a moment ago; a container that swaps it for a link
        # meanwhile changes the mode of a file it can reach anyway only if the link is followed,
        # so it is opened without following.
        fd = os.open(name, os.O_PATH | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=dir_fd)
        try:
            if not stat.S_ISLNK(os.fstat(fd).st_mode):
                os.chmod(f"/proc/self/fd/{fd}", stat.S_IMODE(status.st_mode))
        finally:
            os.close(fd)


def _stamp(name: str, dir_fd: int, status: os.stat_result) -> None:
    times = (status.st_atime_ns, status.st_mtime_ns)
    os.utime(name, ns=times, dir_fd=dir_fd, follow_symlinks=False)
