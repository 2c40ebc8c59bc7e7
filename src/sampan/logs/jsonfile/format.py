"""The read side of json-file's format: from JSON lines to entries.

One regular expression takes a block apart; a JSON parser per line is what makes reading slow.
Lines that are not whole (a writer was killed) are passed over.
"""

import json
import os
import re
from collections.abc import Sequence

from sampan.logs.entry import Entry

BLOCK = 65536

# Possessive, so that a broken line costs one pass and not a quadratic number.
RECORD = re.compile(
    rb'\{"log":"([^"\\\n]*+(?:\\.[^"\\\n]*+)*+)","stream":"(stdout|stderr)",'
    rb'(?:"attrs":(\{[^\n]*?\}),)?"time":"([^"\n]*)"\}\n'
)
STREAMS = {b"stdout": 1, b"stderr": 2}

# What a backslash may stand for before the slow way is worth it. A raw zero byte cannot be in
# the file, so it can stand in for an escaped backslash until the end.
ESCAPES = (
    (b"\\\\", b"\0"),
    (b"\\n", b"\n"),
    (b'\\"', b'"'),
    (b"\\t", b"\t"),
    (b"\\r", b"\r"),
    (b"\\u001b", b"\x1b"),
)


def unescape(text: bytes) -> bytes:
    """Undo the escapes of a JSON string."""
    plain = _unescape_common(text)
    return _unescape_any(text) if plain is None else plain


def _unescape_many(texts: Sequence[bytes]) -> list[bytes]:
    # All in one go; 0x01 cannot be raw in the file either.
    plain = _unescape_common(b"\1".join(texts))
    return [unescape(text) for text in texts] if plain is None else plain.split(b"\1")


def _unescape_common(text: bytes) -> bytes | None:
    """Undo the usual escapes; None when there are others."""
    for escaped, raw in ESCAPES:
        text = text.replace(escaped, raw)
    return None if b"\\" in text else text.replace(b"\0", b"\\")


def _unescape_any(text: bytes) -> bytes:
    try:
        plain: str = json.loads(b'"%b"' % text)
    except ValueError:
        return text
    return plain.encode(errors="replace")


class JsonFileFormat:
    """See sampan.logs.filereader.Format."""

    def decode(self, data: bytes) -> tuple[list[Entry], int]:
        """Take whole lines apart."""
        used = data.rfind(b"\n") + 1
        records = RECORD.findall(data, 0, used)
        if not records:
            return [], used
        texts, streams, attrs, times = zip(*records, strict=True)
        lines = _unescape_many(texts)
        # One chunk brought many lines with one time: decode each time once.
        clock = {time: time.decode() for time in set(times)}
        entries = [
            Entry(STREAMS[stream], clock[time], line, extra)
            for stream, time, line, extra in zip(streams, times, lines, attrs, strict=True)
        ]
        return entries, used

    def end(self, fd: int, size: int) -> int:
        """Return what is after the last newline."""
        at = size
        while at:
            start = max(0, at - BLOCK)
            newline = os.pread(fd, at - start, start).rfind(b"\n")
            if newline >= 0:
                return start + newline + 1
            at = start
        return 0

    def back(self, fd: int, end: int, length: int) -> int:
        """Return the start of a line."""
        while length < end:
            start = end - length
            newline = os.pread(fd, length, start).find(b"\n") + 1
            if 0 < newline < length:
                return start + newline
            length *= 2
        return 0

    def seek(self, fd: int, size: int, since: str) -> int:
        """Search by halves: times only grow within a file."""
        low, high = 0, size
        while high - low > BLOCK:
            middle = (low + high) // 2
            found = self._record_after(fd, middle, high)
            if found is None or found[1] >= since:
                high = middle
            else:
                low = found[0]
        return low

    def _record_after(self, fd: int, start: int, end: int) -> tuple[int, str] | None:
        data = os.pread(fd, min(4 * BLOCK, end - start), start)
        # From a newline on: the text of a line may look like a record.
        newline = data.find(b"\n")
        match = RECORD.search(data, newline + 1) if newline >= 0 else None
        return (start + match.start(), match[4].decode()) if match else None
