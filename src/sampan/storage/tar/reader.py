"""Walks an archive: one Entry per member, its data on demand.

Puts together what spans several headers: pax records (POSIX.1-2001), GNU long names, and the
sparse formats of GNU tar (the old header, pax 0.0, 0.1 and 1.0). Decides nothing about names:
an Entry says what the archive says, however hostile.
"""

import os
from collections.abc import Iterator

from sampan.storage.tar import header, pax
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
        if self._left:
            self._source.skip(self._left)
            self._left = 0
        entry = self._header()
        if entry is None:
            return None
        if entry.type in _META:
            return self._extended(entry)
        if entry.type in _HEADER_ONLY:
            entry.size = entry.real_size = 0
        self._expect(entry)
        return entry

    def _extended(self, entry: Entry) -> Entry | None:
        """Fold headers about a member into the member's own, which comes after them."""
        extra = pax.Records()
        longname = longlink = ""
        while entry.type in _META:
            body = self._body(entry)
            if entry.type == header.PAX:
                extra = pax.parse(body)
            elif entry.type == header.GNU_LONGNAME:
                longname = os.fsdecode(body.partition(b"\0")[0])
            elif entry.type == header.GNU_LONGLINK:
                longlink = os.fsdecode(body.partition(b"\0")[0])
            member = self._header()
            if member is None:
                return None
            entry = member
        entry.name = longname or entry.name
        entry.linkname = longlink or entry.linkname
        pax.apply(entry, extra)
        if entry.type in _HEADER_ONLY:
            entry.size = entry.real_size = 0
        self._left = entry.size
        self._pad = -entry.size % BLOCK
        if entry.type == header.REGULAR and extra.is_sparse:
            self._pax_sparse(entry, extra)
        self._expect(entry, mapped=True)
        return entry

    def _expect(self, entry: Entry, *, mapped: bool = False) -> None:
        """Get ready for the data of an entry (of which a sparse map may have been read)."""
        if not mapped:
            self._left = entry.size
            self._pad = -entry.size % BLOCK
        if entry.type == header.OLD_REGULAR:
            # Only now is the name whole.
            entry.type = header.DIRECTORY if entry.name.endswith("/") else header.REGULAR
        elif entry.type == header.GNU_SPARSE:
            entry.type = header.REGULAR
        if entry.sparse is not None:
            _check_sparse(entry, self._left)

    def _header(self) -> Entry | None:
        # The padding of the last member comes along, to save a call for each.
        pad, self._pad = self._pad, 0
        block = self._source.take(pad + BLOCK)
        if len(block) <= pad:
            return None  # an archive without its closing zero blocks; Go's reader takes it
        if pad:
            block = block[pad:]
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

    def pour(self, fd: int) -> None:
        """Write the data of the current entry into a file (without holes)."""
        length, self._left = self._left, 0
        self._source.pour(fd, length)

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

    def _pax_sparse(self, entry: Entry, extra: pax.Records) -> None:
        """Read the map of a file with holes, in one of the three pax ways of GNU tar."""
        entry.name = extra.get("GNU.sparse.name", entry.name)
        try:
            size = extra.get("GNU.sparse.realsize", extra.get("GNU.sparse.size", ""))
            entry.real_size = int(size or entry.size)
            if extra.get("GNU.sparse.major", "") == "1":
                entry.sparse = self._sparse_in_data(entry.name)
            elif numbers := extra.get("GNU.sparse.map", ""):
                flat = [int(number) for number in numbers.split(",")]
                entry.sparse = list(zip(flat[::2], flat[1::2], strict=True))
            else:
                entry.sparse = [(int(at), int(length)) for at, length in extra.extents]
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
