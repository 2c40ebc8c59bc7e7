"""Walks an archive: one Entry per member, its data on demand.

Puts together what spans several headers: pax records (POSIX.1-2001), GNU long names, and the
sparse formats of GNU tar (the old header, pax 0.0, 0.1 and 1.0). Decides nothing about names:
an Entry says what the archive says, however hostile.
"""

import base64
import os
from collections.abc import Iterator

from sampan.storage.tar import header
from sampan.storage.tar.errors import TarError
from sampan.storage.tar.header import BLOCK, Entry
from sampan.storage.tar.source import Source

# Go's archive/tar refuses larger ones as well (maxSpecialFileSize).
MAX_RECORDS = 1 << 20
MAX_SPARSE = 1 << 20  # extents of one file

# Go treats these as having no data, whatever their size field says (isHeaderOnly), and so every
# layer that Docker ever read was cut by that rule.
_HEADER_ONLY = frozenset("123456")
_META = frozenset("xgLK")


class Reader:
    """Iterate for the entries; between two of them ask for the data of the last one."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._left = 0  # bytes of data not yet read
        self._pad = 0

    def __iter__(self) -> Iterator[Entry]:
        """Yield the members in their order, to the end of the stream."""
        while (entry := self._next()) is not None:
            yield entry
        self._source.drain()

    def _next(self) -> Entry | None:
        self._finish()
        records: dict[str, str] = {}
        extents: list[tuple[str, str]] = []
        longname = longlink = ""
        while True:
            entry = self._header()
            if entry is None:
                return None
            kind = entry.type
            if kind not in _META:
                break
            body = self._body(entry)
            if kind == header.PAX:
                records = {}
                extents = []
                _parse_pax(body, records, extents)
            elif kind == header.GNU_LONGNAME:
                longname = os.fsdecode(body.partition(b"\0")[0])
            elif kind == header.GNU_LONGLINK:
                longlink = os.fsdecode(body.partition(b"\0")[0])
        entry.name = longname or entry.name
        entry.linkname = longlink or entry.linkname
        if records:
            _apply_pax(entry, records)
        if kind in _HEADER_ONLY:
            entry.size = entry.real_size = 0
        self._left = entry.size
        self._pad = -entry.size % BLOCK
        if kind == header.GNU_SPARSE:
            entry.type = header.REGULAR
        elif records or extents:
            self._pax_sparse(entry, records, extents)
        if entry.sparse is not None:
            _check_sparse(entry, self._left)
        return entry

    def _header(self) -> Entry | None:
        block = self._source.take(BLOCK)
        if not block:
            return None  # an archive without its closing zero blocks; Go's reader takes it
        entry = header.parse(block)
        if entry is not None and entry.type == header.GNU_SPARSE:
            self._old_gnu_sparse(entry, block)
        return entry

    def _body(self, entry: Entry) -> bytes:
        if entry.size > MAX_RECORDS:
            raise TarError(f"extended header of {entry.size} bytes in the archive is too long")
        body = self._source.take(entry.size)
        self._source.take(-entry.size % BLOCK)
        if len(body) < entry.size:
            raise TarError("unexpected end of archive in an extended header")
        return body

    def _finish(self) -> None:
        if self._left or self._pad:
            self._source.skip(self._left + self._pad)
            self._left = self._pad = 0

    def pour(self, fd: int) -> None:
        """Write the data of the current entry into a file (without holes)."""
        length, self._left = self._left, 0
        self._source.pour(fd, length)
        # The padding of the last member may be missing in archives of old tools.
        self._source.take(self._pad)
        self._pad = 0

    def chunks(self, length: int = -1) -> Iterator[memoryview]:
        """Yield the data of the current entry in pieces (or its next length bytes)."""
        length = self._left if length < 0 else min(length, self._left)
        for piece in self._source.chunks(length):
            self._left -= len(piece)
            yield piece

    def _old_gnu_sparse(self, entry: Entry, block: bytes) -> None:
        """Read the map in the header itself and the blocks that continue it (GNU tar, "S")."""
        extents: list[tuple[int, int]] = []
        _sparse_fields(block[386:482], extents)
        entry.real_size = header.number(block[483:495])
        more = block[482]
        while more:
            block = self._source.take(BLOCK)
            if len(block) < BLOCK or len(extents) > MAX_SPARSE:
                raise TarError(f"sparse map of {entry.name} is broken")
            _sparse_fields(block[:504], extents)
            more = block[504]
        entry.sparse = extents

    def _pax_sparse(
        self, entry: Entry, records: dict[str, str], extents: list[tuple[str, str]]
    ) -> None:
        """Recognise the three pax ways of GNU tar to say that a file has holes."""
        major = records.get("GNU.sparse.major")
        if major is None and not extents and "GNU.sparse.map" not in records:
            return
        entry.name = records.get("GNU.sparse.name", entry.name)
        try:
            size = records.get("GNU.sparse.realsize", records.get("GNU.sparse.size"))
            entry.real_size = int(size) if size is not None else entry.size
            if major == "1":
                entry.sparse = self._sparse_in_data(entry.name)
            elif "GNU.sparse.map" in records:
                numbers = [int(n) for n in records["GNU.sparse.map"].split(",") if n]
                entry.sparse = list(zip(numbers[::2], numbers[1::2], strict=True))
            else:
                entry.sparse = [(int(at), int(length)) for at, length in extents]
        except ValueError as error:
            raise TarError(f"sparse map of {entry.name} is broken: {error}") from None

    def _sparse_in_data(self, name: str) -> list[tuple[int, int]]:
        """Read the map that format 1.0 puts before the data: decimal numbers, one a line."""
        text = b""

        def line() -> int:
            nonlocal text
            while b"\n" not in text:
                if self._left < BLOCK or len(text) > BLOCK:
                    raise TarError(f"sparse map of {name} is broken")
                text += self._source.take(BLOCK)
                self._left -= BLOCK
            first, _, text = text.partition(b"\n")
            return int(first)

        count = line()
        if not 0 <= count <= MAX_SPARSE:
            raise TarError(f"sparse map of {name} is broken")
        return [(line(), line()) for _ in range(count)]


def _parse_pax(body: bytes, records: dict[str, str], extents: list[tuple[str, str]]) -> None:
    """Read `length key=value newline` records; offsets of format 0.0 may repeat, in pairs."""
    at = 0
    offset = ""
    while at < len(body):
        blank = body.find(b" ", at, at + 20)
        try:
            length = int(body[at:blank])
        except ValueError:
            raise TarError("archive/tar: invalid pax record") from None
        end = at + length
        if blank < 0 or length < 5 or end > len(body) or body[end - 1] != 0x0A:
            raise TarError("archive/tar: invalid pax record")
        key, separator, value = body[blank + 1 : end - 1].partition(b"=")
        if not separator or not key:
            raise TarError("archive/tar: invalid pax record")
        at = end
        name = os.fsdecode(key)
        if name == "GNU.sparse.offset":
            offset = os.fsdecode(value)
        elif name == "GNU.sparse.numbytes":
            extents.append((offset, os.fsdecode(value)))
        else:
            records[name] = os.fsdecode(value)


def _apply_pax(entry: Entry, records: dict[str, str]) -> None:
    try:
        for key, value in records.items():
            if key == "path":
                entry.name = value or entry.name
            elif key == "linkpath":
                entry.linkname = value or entry.linkname
            elif key == "mtime":
                entry.mtime_ns = nanoseconds(value)
            elif key == "size":
                entry.size = entry.real_size = int(value)
                if entry.size < 0:
                    raise ValueError(value)
            elif key == "uid":
                entry.uid = int(value)
            elif key == "gid":
                entry.gid = int(value)
            elif key.startswith(("SCHILY.xattr.", "LIBARCHIVE.xattr.")):
                _xattr(entry, key, value)
    except ValueError:
        raise TarError(f"archive/tar: invalid pax record {key}={value[:40]!r}") from None


def _xattr(entry: Entry, key: str, value: str) -> None:
    if entry.xattrs is None:
        entry.xattrs = {}
    raw = os.fsencode(value)
    if key.startswith("SCHILY"):
        entry.xattrs[key.removeprefix("SCHILY.xattr.")] = raw
    else:
        name = key.removeprefix("LIBARCHIVE.xattr.")
        entry.xattrs.setdefault(name, base64.b64decode(raw + b"=" * (-len(raw) % 4)))


def nanoseconds(text: str) -> int:
    """Turn pax's decimal seconds ("1700000000.25", "-1.5") into nanoseconds."""
    whole, _, fraction = text.partition(".")
    value = int(whole or "0") * 1_000_000_000
    rest = int((fraction + "000000000")[:9]) if fraction else 0
    return value - rest if whole.startswith("-") else value + rest


def _sparse_fields(fields: bytes, extents: list[tuple[int, int]]) -> None:
    for at in range(0, len(fields) - 23, 24):
        if fields[at] == 0:
            return
        extents.append(
            (header.number(fields[at : at + 12]), header.number(fields[at + 12 : at + 24]))
        )


def _check_sparse(entry: Entry, data: int) -> None:
    """Refuse maps that overlap, run backwards, leave the file, or do not match the data."""
    assert entry.sparse is not None
    end = total = 0
    for at, length in entry.sparse:
        if at < end or length < 0:
            raise TarError(f"sparse map of {entry.name} is broken")
        end = at + length
        total += length
    if end > entry.real_size or total != data:
        raise TarError(f"sparse map of {entry.name} does not fit its size")
