"""Small file work on paths of our own (data root, run root): whole reads, atomic writes.

Nothing here may be used on paths inside a container's tree: those go through openat2.
"""

import os
import shutil
from contextlib import suppress


def write(path: str, data: bytes | str, mode: int = 0o644) -> None:
    """Write a whole file in place. For files nobody reads while they are written."""
    content = data.encode() if isinstance(data, str) else data
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, mode)
    try:
        _write_all(fd, content)
    finally:
        os.close(fd)


def replace(path: str, data: bytes | str, mode: int = 0o644) -> None:
    """Write a file aside, sync it and rename it into place: old or new, never half."""
    content = data.encode() if isinstance(data, str) else data
    aside = f"{path}.{os.urandom(4).hex()}.tmp"
    try:
        fd = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode)
        try:
            _write_all(fd, content)
            os.fsync(fd)
        finally:
            os.close(fd)
        os.rename(aside, path)
    except BaseException:
        with suppress(FileNotFoundError):
            os.unlink(aside)
        raise


def read(path: str, limit: int = 16 << 20) -> bytes:
    """Read a whole file; ValueError when it is longer than limit."""
    fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        return read_fd(fd, limit)
    finally:
        os.close(fd)


def read_fd(fd: int, limit: int) -> bytes:
    """Read from fd to its end; ValueError when that is more than limit."""
    parts: list[bytes] = []
    size = 0
    while chunk := os.read(fd, 65536):
        size += len(chunk)
        if size > limit:
            raise ValueError(f"file is longer than {limit} bytes")
        parts.append(chunk)
    return b"".join(parts)


def remove_tree(path: str) -> None:
    """Remove a directory of our own with everything in it; missing is fine.

    Also what goes missing under our hands: a monitor that leaves takes its socket with it.
    """
    shutil.rmtree(path, onerror=_missing_is_fine)


def _missing_is_fine(
    _function: object, _path: str, info: tuple[type[BaseException], BaseException, object]
) -> None:
    if not isinstance(info[1], FileNotFoundError):
        raise info[1]


def _write_all(fd: int, content: bytes) -> None:
    view = memoryview(content)
    while view:
        view = view[os.write(fd, view) :]
