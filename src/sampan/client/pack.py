"""A local file or directory as a tar archive, made as it is sent.

Nothing is followed and nothing is held in memory: a header, the file's bytes, the next one.
Under which name it goes is the caller's choice.
"""

from __future__ import annotations

import os
import stat
import tarfile

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

BLOCK = 512
PIECE = 1 << 18
END = bytes(2 * BLOCK)

_TYPES = {
    stat.S_IFREG: tarfile.REGTYPE,
    stat.S_IFDIR: tarfile.DIRTYPE,
    stat.S_IFLNK: tarfile.SYMTYPE,
    stat.S_IFCHR: tarfile.CHRTYPE,
    stat.S_IFBLK: tarfile.BLKTYPE,
    stat.S_IFIFO: tarfile.FIFOTYPE,
}


def pack(path: str, name: str) -> Iterator[bytes]:
    """Yield an archive of what is at path; its first entry has this name."""
    links: dict[tuple[int, int], str] = {}
    yield from _entry(path, name, links)
    yield END


def _entry(path: str, name: str, links: dict[tuple[int, int], str]) -> Iterator[bytes]:
    found = os.lstat(path)
    kind = _TYPES.get(stat.S_IFMT(found.st_mode))
    if kind is None:
        return  # a socket, which archives have no word for
    header = _header(path, name, found, kind)
    identity = (found.st_dev, found.st_ino)
    if found.st_nlink > 1 and not stat.S_ISDIR(found.st_mode):
        if identity in links:
            header.type = tarfile.LNKTYPE
            header.linkname = links[identity]
            header.size = 0
        links.setdefault(identity, name)
    yield header.tobuf(tarfile.PAX_FORMAT)
    if header.type == tarfile.REGTYPE:
        yield from _contents(path, header.size)
    elif header.type == tarfile.DIRTYPE:
        for child in sorted(os.listdir(path)):
            yield from _entry(f"{path}/{child}", f"{name}/{child}", links)


def _header(path: str, name: str, found: os.stat_result, kind: bytes) -> tarfile.TarInfo:
    header = tarfile.TarInfo(name)
    header.type = kind
    header.mode = stat.S_IMODE(found.st_mode)
    header.uid = found.st_uid
    header.gid = found.st_gid
    header.mtime = found.st_mtime_ns / 1_000_000_000
    if kind == tarfile.REGTYPE:
        header.size = found.st_size
        _add_capabilities(header, path)
    elif kind == tarfile.SYMTYPE:
        header.linkname = os.readlink(path)
    elif kind in {tarfile.CHRTYPE, tarfile.BLKTYPE}:
        header.devmajor = os.major(found.st_rdev)
        header.devminor = os.minor(found.st_rdev)
    return header


def _add_capabilities(header: tarfile.TarInfo, path: str) -> None:
    try:
        value = os.getxattr(path, "security.capability", follow_symlinks=False)
    except OSError:
        return  # none, or a file system without attributes
    # PAX values are text; bytes above 127 go through as they are.
    header.pax_headers = {"SCHILY.xattr.security.capability": value.decode("latin-1")}


def _contents(path: str, size: int) -> Iterator[bytes]:
    """Yield exactly so many bytes: what a file grew meanwhile is left out, what it lost is 0."""
    fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
    try:
        left = size
        while left > 0:
            piece = os.read(fd, min(PIECE, left)) or bytes(min(PIECE, left))
            left -= len(piece)
            yield piece
    finally:
        os.close(fd)
    if size % BLOCK:
        yield bytes(BLOCK - size % BLOCK)
