"""Writes archives: entries to header bytes, files to blocks.

Reproducible: no clocks, no names of users, order as given. Plain ustar where it fits, pax records
where not (long or non-ASCII names, large numbers, extended attributes). Times are whole seconds,
as Docker writes them into layers.
"""

import os
import stat
from collections.abc import Iterator

from sampan.storage.tar import header
from sampan.storage.tar.header import BLOCK, Entry

END = bytes(2 * BLOCK)
CHUNK = 1 << 20
# Attributes that belong to a file wherever it goes. The rest is the host's or overlay's.
KEPT_XATTRS = ("security.capability", "user.")
_DROPPED_XATTRS = "user.overlay."

_KINDS = {
    stat.S_IFREG: header.REGULAR,
    stat.S_IFDIR: header.DIRECTORY,
    stat.S_IFLNK: header.SYMLINK,
    stat.S_IFCHR: header.CHAR,
    stat.S_IFBLK: header.BLOCK_DEVICE,
    stat.S_IFIFO: header.FIFO,
}


def head(entry: Entry) -> bytes:
    """All header blocks of an entry."""
    name = os.fsencode(entry.name)
    link = os.fsencode(entry.linkname)
    records: list[tuple[str, bytes]] = []
    cut = header.split_name(name) if name.isascii() else None
    if cut is None:
        records.append(("path", name))
        cut = (b"", _plain(name))
    if len(link) > 100 or not link.isascii():
        records.append(("linkpath", link))
        link = _plain(link)
    if not header.fits(entry):
        records += _numbers(entry)
    for key in sorted(entry.xattrs or ()):
        records.append((f"SCHILY.xattr.{key}", (entry.xattrs or {})[key]))
    if not records:
        return header.build(entry, name=cut[1], prefix=cut[0], linkname=link)
    body = b"".join(_record(key, value) for key, value in records)
    extra = Entry("", header.PAX, size=len(body))
    # The name is only seen by readers that know nothing of pax.
    extra_head = header.build(extra, name=b"PaxHeaders.0/" + cut[1][-80:])
    small = _shrunk(entry)
    return b"".join(
        (
            extra_head,
            body,
            bytes(-len(body) % BLOCK),
            header.build(small, name=cut[1], prefix=cut[0], linkname=link),
        )
    )


def padding(size: int) -> bytes:
    """Zeros after size bytes of data."""
    return bytes(-size % BLOCK)


def _plain(name: bytes) -> bytes:
    # What an old reader gets to see; the directory slash must survive.
    text = bytes(byte if byte < 128 else 0x5F for byte in name[:100])
    return text[:99] + b"/" if name.endswith(b"/") and len(name) > 100 else text


def _numbers(entry: Entry) -> list[tuple[str, bytes]]:
    return [
        ("size", b"%d" % entry.size),
        ("uid", b"%d" % entry.uid),
        ("gid", b"%d" % entry.gid),
        ("mtime", b"%d" % (entry.mtime_ns // 1_000_000_000)),
    ]


def _shrunk(entry: Entry) -> Entry:
    """The same entry with numbers that ustar can hold; the records have the true ones."""
    if header.fits(entry):
        return entry
    small = Entry(entry.name, entry.type, mode=entry.mode)
    small.size = min(entry.size, header.OCTAL_12)
    small.uid = min(max(entry.uid, 0), header.OCTAL_8)
    small.gid = min(max(entry.gid, 0), header.OCTAL_8)
    small.mtime_ns = min(max(entry.mtime_ns, 0), header.OCTAL_12 * 1_000_000_000)
    small.major, small.minor = entry.major, entry.minor
    return small


def _record(key: str, value: bytes) -> bytes:
    """One pax record; its length counts itself."""
    rest = b" " + os.fsencode(key) + b"=" + value + b"\n"
    length = len(rest)
    while len(rest) + len(str(length)) != length:
        length = len(rest) + len(str(length))
    return str(length).encode() + rest


def from_status(name: str, status: os.stat_result) -> Entry | None:
    """Make an entry of what lstat says; None for what no archive can hold (sockets)."""
    kind = _KINDS.get(stat.S_IFMT(status.st_mode))
    if kind is None:
        return None
    entry = Entry(name, kind, mode=stat.S_IMODE(status.st_mode))
    entry.uid = status.st_uid
    entry.gid = status.st_gid
    entry.mtime_ns = status.st_mtime_ns // 1_000_000_000 * 1_000_000_000
    if kind == header.REGULAR:
        entry.size = entry.real_size = status.st_size
    elif kind == header.DIRECTORY and not name.endswith("/"):
        entry.name = name + "/"
    elif kind in {header.CHAR, header.BLOCK_DEVICE}:
        entry.major, entry.minor = os.major(status.st_rdev), os.minor(status.st_rdev)
    return entry


def kept_xattrs(path: str | int) -> dict[str, bytes] | None:
    """Read the attributes worth keeping of an open file, or of a path (not followed)."""
    try:
        names = os.listxattr(path) if isinstance(path, int) else os.listxattr(
            path, follow_symlinks=False
        )
        kept = {
            name: os.getxattr(path, name)
            for name in names
            if name.startswith(KEPT_XATTRS) and not name.startswith(_DROPPED_XATTRS)
        }
    except OSError:
        return None  # no attributes on this file system, or the file went away
    return kept or None


def file_blocks(fd: int, size: int) -> Iterator[bytes]:
    """Yield exactly size bytes of an open file: cut when it grew, padded when it shrank.

    The header has been written by then, and a running container goes on writing.
    """
    left = size
    while left:
        block = os.read(fd, min(left, CHUNK))
        if not block:
            yield from _zeros(left)
            break
        left -= len(block)
        yield block
    if -size % BLOCK:
        yield padding(size)


def _zeros(length: int) -> Iterator[bytes]:
    while length:
        part = min(length, CHUNK)
        yield bytes(part)
        length -= part
