"""A path's stat as Docker tells it: name, size, mode in Go's bits, mtime, link target. Pure."""

import os
import stat
from typing import Any

from sampan.base import clock

# Go's os.FileMode bits (https://pkg.go.dev/io/fs#FileMode).
GO_BITS = {
    stat.S_IFDIR: 1 << 31,
    stat.S_IFLNK: 1 << 27,
    stat.S_IFBLK: 1 << 26,
    stat.S_IFIFO: 1 << 25,
    stat.S_IFSOCK: 1 << 24,
    stat.S_IFCHR: 1 << 26 | 1 << 21,
}
GO_SPECIAL = {stat.S_ISUID: 1 << 23, stat.S_ISGID: 1 << 22, stat.S_ISVTX: 1 << 20}


def go_mode(mode: int) -> int:
    """Return a mode as Go's os.FileMode."""
    found = mode & 0o777 | GO_BITS.get(stat.S_IFMT(mode), 0)
    for bit, go_bit in GO_SPECIAL.items():
        if mode & bit:
            found |= go_bit
    return found


def document(name: str, status: os.stat_result, target: str) -> dict[str, Any]:
    """Return Docker's container path stat."""
    return {
        "name": name,
        "size": status.st_size,
        "mode": go_mode(status.st_mode),
        "mtime": clock.text(status.st_mtime_ns),
        "linkTarget": target,
    }
