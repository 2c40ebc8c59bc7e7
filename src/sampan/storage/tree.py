"""Directory trees by descriptor: removing them, walking them. Nothing here follows a symlink.

Trees may be as deep and as odd as a container can make them: no recursion, and never more than a
few descriptors open.
"""

import errno
import os
from collections.abc import Iterator
from contextlib import suppress

DIRECTORY = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


def open_directory(name: str, dir_fd: int | None = None) -> int:
    """Open a directory that must not be a symlink."""
    return os.open(name, DIRECTORY, dir_fd=dir_fd)


def remove(name: str, dir_fd: int | None = None) -> None:
    """Remove a file or a whole tree; missing is fine."""
    try:
        os.unlink(name, dir_fd=dir_fd)
    except FileNotFoundError:
        return
    except (IsADirectoryError, PermissionError):
        # unlink(2) of a directory is EISDIR on Linux, EPERM by POSIX; rmdir tells them apart.
        empty(name, dir_fd)
        os.rmdir(name, dir_fd=dir_fd)


def empty(name: str, dir_fd: int | None = None) -> None:
    """Remove everything in a directory.

    Goes down and up with one descriptor, so that depth costs no descriptors.
    """
    here = open_directory(name, dir_fd)
    try:
        above: list[tuple[str, int]] = []
        while True:
            child = _clear_files(here)
            if child:
                above.append((child, os.fstat(here).st_ino))
                below = open_directory(child, here)
                os.close(here)
                here = below
            elif above:
                up = os.open("..", os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC, dir_fd=here)
                os.close(here)
                here = up
                child, inode = above.pop()
                if os.fstat(here).st_ino != inode:
                    # A container moved it meanwhile: `..` is no longer where we came from.
                    raise OSError(errno.ESTALE, "moved while it was removed", child)
                os.rmdir(child, dir_fd=here)
            else:
                return
    finally:
        os.close(here)


def _clear_files(here: int) -> str:
    """Unlink all but directories; return one directory to go into, "" when there is none.

    Empty directories go at once, so a wide tree is not listed again for each of them.
    """
    with os.scandir(here) as entries:
        found = list(entries)
    child = ""
    for entry in found:
        if not entry.is_dir(follow_symlinks=False):
            with suppress(FileNotFoundError):
                os.unlink(entry.name, dir_fd=here)
            continue
        try:
            os.rmdir(entry.name, dir_fd=here)
        except OSError:
            child = entry.name
    return child


def usage(name: str, dir_fd: int | None = None) -> int:
    """Bytes of the regular files in a tree, hard links counted once (Docker's SizeRw)."""
    seen: set[tuple[int, int]] = set()
    total = 0
    for _path, _entry, status in walk(name, dir_fd):
        if status.st_mode & 0o170000 != 0o100000:
            continue
        if status.st_nlink > 1:
            key = (status.st_dev, status.st_ino)
            if key in seen:
                continue
            seen.add(key)
        total += status.st_size
    return total


def walk(
    name: str, dir_fd: int | None = None
) -> Iterator[tuple[str, tuple[int, str], os.stat_result]]:
    """Yield (path, (directory, name), status) of everything below a directory, sorted by path.

    `directory` is open only until the next step. A directory comes before what is in it. Files
    that go away meanwhile are left out: the tree may belong to a running container.
    """
    root = open_directory(name, dir_fd)
    stack: list[tuple[str, int, list[str]]] = [("", root, sorted(os.listdir(root), reverse=True))]
    try:
        while stack:
            prefix, here, names = stack[-1]
            if not names:
                os.close(here)
                stack.pop()
                continue
            child = names.pop()
            try:
                status = os.lstat(child, dir_fd=here)
                path = prefix + child
                yield path, (here, child), status
                if status.st_mode & 0o170000 == 0o040000:
                    below = open_directory(child, here)
                    stack.append((path + "/", below, sorted(os.listdir(below), reverse=True)))
            except (FileNotFoundError, NotADirectoryError):
                continue
    finally:
        for _prefix, here, _names in stack:
            os.close(here)
