"""Pax records (POSIX.1-2001): what they say, and what that makes of an entry. Pure."""

import base64
import os

from sampan.storage.tar.errors import TarError
from sampan.storage.tar.header import Entry

_XATTR = "SCHILY.xattr."
_XATTR_64 = "LIBARCHIVE.xattr."


class Records(dict[str, str]):
    """The records of one extended header; sparse extents of format 0.0 repeat, so stand apart."""

    def __init__(self) -> None:
        super().__init__()
        self.extents: list[tuple[str, str]] = []

    @property
    def is_sparse(self) -> bool:
        """Whether they describe a file with holes."""
        return bool(self.extents) or "GNU.sparse.map" in self or "GNU.sparse.major" in self


def parse(body: bytes) -> Records:
    """Read `length key=value newline` records."""
    records = Records()
    offset = ""
    at = 0
    while at < len(body):
        blank = body.find(b" ", at, at + 20)
        try:
            length = int(body[at:blank])
        except ValueError:
            raise TarError("archive/tar: invalid pax record") from None
        end = at + length
        if blank < 0 or length < 5 or end > len(body) or body[end - 1] != 0x0A:
            raise TarError("archive/tar: invalid pax record")
        key, separator, raw = body[blank + 1 : end - 1].partition(b"=")
        if not separator or not key:
            raise TarError("archive/tar: invalid pax record")
        at = end
        name, value = os.fsdecode(key), os.fsdecode(raw)
        if name == "GNU.sparse.offset":
            offset = value
        elif name == "GNU.sparse.numbytes":
            records.extents.append((offset, value))
        else:
            records[name] = value
    return records


def apply(entry: Entry, records: Records) -> None:
    """Let records override the header they come before."""
    entry.name = records.get("path") or entry.name
    entry.linkname = records.get("linkpath") or entry.linkname
    for key, value in records.items():
        try:
            _apply(entry, key, value)
        except ValueError:
            raise TarError(f"archive/tar: invalid pax record {key}={value[:40]!r}") from None


def _apply(entry: Entry, key: str, value: str) -> None:
    if key == "mtime":
        entry.mtime_ns = nanoseconds(value)
    elif key == "size":
        entry.size = entry.real_size = int(value)
        if entry.size < 0:
            raise ValueError(value)
    elif key == "uid":
        entry.uid = int(value)
    elif key == "gid":
        entry.gid = int(value)
    elif key.startswith((_XATTR, _XATTR_64)):
        if entry.xattrs is None:
            entry.xattrs = {}
        raw = os.fsencode(value)
        if key.startswith(_XATTR):
            entry.xattrs[key.removeprefix(_XATTR)] = raw
        else:
            # libarchive leaves the padding out.
            whole = base64.b64decode(raw + b"=" * (-len(raw) % 4))
            entry.xattrs.setdefault(key.removeprefix(_XATTR_64), whole)


def nanoseconds(text: str) -> int:
    """Turn decimal seconds ("1700000000.25", "-1.5") into nanoseconds."""
    whole, _, fraction = text.partition(".")
    value = int(whole or "0") * 1_000_000_000
    rest = int((fraction + "000000000")[:9]) if fraction else 0
    return value - rest if whole.startswith("-") else value + rest
