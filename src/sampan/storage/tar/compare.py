"""Two whole trees side by side: what `diff` needs to know where there is no overlay to say it.

Files count as the same when type, mode, owner, size and time of change are: as for Docker's vfs.
"""

import os
import stat
from collections.abc import Iterator
from contextlib import suppress

from sampan.storage import tree
from sampan.storage.tar.diff import Found, Gone


def walk(root_fd: int, lower_fd: int | None) -> Iterator[Found | Gone]:
    """Yield what differs, sorted by path; directories on both sides come along in any case."""
    yield from _walk("", os.dup(root_fd), None if lower_fd is None else os.dup(lower_fd))


def _walk(prefix: str, root: int, lower: int | None) -> Iterator[Found | Gone]:
    stack = [(prefix, root, lower, _names(root, lower))]
    try:
        while stack:
            prefix, root, lower, names = stack[-1]
            if not names:
                stack.pop()
                _close(root, lower)
                continue
            name = names.pop()
            above = _stat(name, root)
            below = None if lower is None else _stat(name, lower)
            if above is None:
                if below is not None:
                    yield Gone(prefix + name, needs_whiteout=True)
                continue
            if below is None or not _same(name, root, lower, above, below):
                yield Found(prefix + name, root, name, above, below, opaque=False)
            if stat.S_ISDIR(above.st_mode):
                into = tree.open_directory(name, root)
                under = None
                if lower is not None and below is not None and stat.S_ISDIR(below.st_mode):
                    under = tree.open_directory(name, lower)
                stack.append((f"{prefix}{name}/", into, under, _names(into, under)))
    finally:
        for _prefix, root, lower, _names_left in stack:
            _close(root, lower)


def _close(root: int, lower: int | None) -> None:
    os.close(root)
    if lower is not None:
        os.close(lower)


def _names(root: int, lower: int | None) -> list[str]:
    names = set(os.listdir(root))
    if lower is not None:
        names |= set(os.listdir(lower))
    return sorted(names, reverse=True)


def _stat(name: str, dir_fd: int) -> os.stat_result | None:
    with suppress(FileNotFoundError):
        return os.lstat(name, dir_fd=dir_fd)
    return None


def _same(
    name: str, root: int, lower: int | None, above: os.stat_result, below: os.stat_result
) -> bool:
    """Whether nothing is to be said of a path (directories are always passed on)."""
    if stat.S_ISDIR(above.st_mode) or above.st_mode != below.st_mode:
        return False
    if stat.S_ISLNK(above.st_mode):
        return os.readlink(name, dir_fd=root) == os.readlink(name, dir_fd=lower)
    return (above.st_uid, above.st_gid, above.st_size, above.st_rdev, above.st_mtime_ns) == (
        below.st_uid,
        below.st_gid,
        below.st_size,
        below.st_rdev,
        below.st_mtime_ns,
    )
