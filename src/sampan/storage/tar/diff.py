"""What a snapshot's upper directory adds to, changes in and deletes from the tree below it.

    walk_upper(upper, lower)   overlay's upper directory beside a view of the lower tree
    changes(walked)            the list that `docker diff` shows
    blocks(walked)             the same as a layer tar (image-spec, layer.md), as a stream of blocks

Walks go by descriptor and follow no symlink. The container may be writing meanwhile.
"""

import os
import stat
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import NamedTuple

from sampan.storage import tree
from sampan.storage.driver import Change
from sampan.storage.tar import header, writer
from sampan.storage.tar.header import Entry
from sampan.storage.tar.names import OPAQUE, WHITEOUT
from sampan.storage.tar.whiteouts import OPAQUE_XATTR

MODIFIED = 0
ADDED = 1
DELETED = 2

_FLUSH = 1 << 20


class Found(NamedTuple):
    """One path of the upper directory, beside its counterpart below."""

    path: str  # relative, without slash at its ends
    dir_fd: int
    name: str
    status: os.stat_result
    below: os.stat_result | None
    opaque: bool


class Gone(NamedTuple):
    """One path of the lower tree that is no longer seen."""

    path: str
    needs_whiteout: bool  # False: an opaque directory hides it


def walk_upper(upper_fd: int, lower_fd: int | None) -> Iterator[Found | Gone]:
    """Yield everything in upper, sorted by path, and what it deletes."""
    stack = [_Level("", os.dup(upper_fd), None if lower_fd is None else os.dup(lower_fd))]
    try:
        while stack:
            level = stack[-1]
            if not level.names:
                stack.pop().close()
                continue
            name = level.names.pop()
            with suppress(FileNotFoundError, NotADirectoryError):
                found = level.look(name)
                if _is_whiteout(found.status):
                    # One over nothing is left behind when what it hid came from the upper.
                    if found.below is not None:
                        yield Gone(found.path, needs_whiteout=True)
                    continue
                yield found
                if stat.S_ISDIR(found.status.st_mode):
                    below = level.enter(found)
                    stack.append(below)
                    if found.opaque:
                        yield from below.hidden()
    finally:
        for level in stack:
            level.close()


class _Level:
    """One directory of the walk, on both sides."""

    def __init__(self, prefix: str, upper: int, lower: int | None) -> None:
        self.prefix = prefix
        self.upper = upper
        self.lower = lower
        self.names = sorted(os.listdir(upper), reverse=True)

    def look(self, name: str) -> Found:
        status = os.lstat(name, dir_fd=self.upper)
        below = None
        if self.lower is not None:
            with suppress(FileNotFoundError):
                below = os.lstat(name, dir_fd=self.lower)
        opaque = stat.S_ISDIR(status.st_mode) and _is_opaque(self.upper, name)
        return Found(self.prefix + name, self.upper, name, status, below, opaque)

    def enter(self, found: Found) -> "_Level":
        upper = tree.open_directory(found.name, self.upper)
        lower = None
        if self.lower is not None and found.below and stat.S_ISDIR(found.below.st_mode):
            lower = tree.open_directory(found.name, self.lower)
        return _Level(found.path + "/", upper, lower)

    def hidden(self) -> Iterator[Gone]:
        """Names of the lower directory that an opaque upper one does not show."""
        if self.lower is not None:
            present = set(self.names)
            for name in sorted(os.listdir(self.lower)):
                if name not in present:
                    yield Gone(self.prefix + name, needs_whiteout=False)
            os.close(self.lower)
            self.lower = None

    def close(self) -> None:
        os.close(self.upper)
        if self.lower is not None:
            os.close(self.lower)


def _is_opaque(dir_fd: int, name: str) -> bool:
    try:
        path = f"/proc/self/fd/{dir_fd}/{name}"
        return os.getxattr(path, OPAQUE_XATTR, follow_symlinks=False) == b"y"
    except OSError:
        return False


def _is_whiteout(status: os.stat_result) -> bool:
    return stat.S_ISCHR(status.st_mode) and status.st_rdev == 0


def changes(walked: Iterable[Found | Gone]) -> list[Change]:
    """List the changes, sorted by path."""
    found: dict[str, int] = {}
    for item in walked:
        if isinstance(item, Gone):
            found[item.path] = DELETED
        elif item.below is None:
            found[item.path] = ADDED
        elif not _same_directory(item.status, item.below):
            found[item.path] = MODIFIED
        else:
            continue
        _mark_parents(found, item.path)
    return [Change("/" + path, kind) for path, kind in sorted(found.items())]


def _mark_parents(found: dict[str, int], path: str) -> None:
    """A directory with a change in it counts as changed, whatever its own attributes say."""
    above = path.rpartition("/")[0]
    while above and above not in found:
        found[above] = MODIFIED
        above = above.rpartition("/")[0]


def _same_directory(one: os.stat_result, other: os.stat_result) -> bool:
    """Whether it is a directory that overlay copied up only because of something inside it."""
    return (
        stat.S_ISDIR(one.st_mode)
        and one.st_mode == other.st_mode
        and (one.st_uid, one.st_gid) == (other.st_uid, other.st_gid)
        and one.st_mtime_ns == other.st_mtime_ns
    )


def blocks(walked: Iterable[Found | Gone]) -> Iterator[bytes]:
    """Yield the difference as an uncompressed layer tar, in blocks of about a mebibyte."""
    pending: list[bytes] = []
    size = 0
    for part in _parts(walked):
        pending.append(part)
        size += len(part)
        if size >= _FLUSH:
            yield b"".join(pending)
            pending.clear()
            size = 0
    pending.append(writer.END)
    yield b"".join(pending)


def _parts(walked: Iterable[Found | Gone]) -> Iterator[bytes]:
    links: dict[tuple[int, int], str] = {}
    for item in _needed(walked):
        if isinstance(item, Gone):
            yield _whiteout(item.path)
            continue
        with suppress(FileNotFoundError):
            yield from _member(item, links)
        if item.opaque and item.below is not None:
            yield writer.head(_mark(f"{item.path}/{OPAQUE}"))


def _needed(walked: Iterable[Found | Gone]) -> Iterator[Found | Gone]:
    """Leave out directories that are only there because of what might be in them."""
    waiting: list[Found] = []
    for item in walked:
        while waiting and not item.path.startswith(waiting[-1].path + "/"):
            waiting.pop()
        if isinstance(item, Gone):
            needed = item.needs_whiteout
        else:
            same = item.below is not None and _same_directory(item.status, item.below)
            needed = item.opaque or not same
            if not needed:
                waiting.append(item)
        if not needed:
            continue
        yield from waiting
        waiting.clear()
        yield item


def _whiteout(path: str) -> bytes:
    above, slash, name = path.rpartition("/")
    return writer.head(_mark(f"{above}{slash}{WHITEOUT}{name}"))


def _mark(name: str) -> Entry:
    return Entry(name, header.REGULAR, mode=0o600)


def _member(item: Found, links: dict[tuple[int, int], str]) -> Iterator[bytes]:
    entry = writer.from_status(item.path, item.status)
    if entry is None:
        return
    if entry.type == header.DIRECTORY:
        entry.xattrs = writer.kept_xattrs(f"/proc/self/fd/{item.dir_fd}/{item.name}")
        yield writer.head(entry)
        return
    if item.status.st_nlink > 1:
        key = (item.status.st_dev, item.status.st_ino)
        first = links.setdefault(key, item.path)
        if first != item.path:
            entry.type = header.HARDLINK
            entry.linkname = first
            entry.size = 0
            yield writer.head(entry)
            return
    if entry.type == header.SYMLINK:
        entry.linkname = os.readlink(item.name, dir_fd=item.dir_fd)
    if entry.type != header.REGULAR:
        yield writer.head(entry)
        return
    flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
    fd = os.open(item.name, flags, dir_fd=item.dir_fd)
    try:
        status = os.fstat(fd)
        if not stat.S_ISREG(status.st_mode):
            return  # replaced since; the container is running
        entry.size = status.st_size
        entry.xattrs = writer.kept_xattrs(fd)
        yield writer.head(entry)
        yield from writer.file_blocks(fd, entry.size)
    finally:
        os.close(fd)
