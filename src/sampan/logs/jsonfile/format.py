"""The read side of json-file's format: from JSON lines to runs.

Python must not look at single lines where it can be avoided. Lines that one chunk brought have
the same stream and time, so what stands between their texts is the same bytes, and one replace
in C takes it out. Only where a line differs from the next is it taken apart by itself, with a
regular expression; a JSON parser per line is what makes reading slow.

Lines that are not whole (a writer was killed) are passed over.
"""

import json
import os
import re

from sampan.logs.entry import Run
from sampan.logs.jsonfile.encoder import HEAD

BLOCK = 65536

# Possessive, so that a broken line costs one pass and not a quadratic number.
RECORD = re.compile(
    rb'\{"log":"([^"\\\n]*+(?:\\.[^"\\\n]*+)*+)'
    rb'(","stream":"(stdout|stderr)",(?:"attrs":(\{[^\n]*?\}),)?"time":"([^"\n]*)"\}\n)'
)
STREAMS = {b"stdout": 1, b"stderr": 2}
# A quote inside a text is escaped, so this is never part of one.
SEAM = b'","stream":"'
# How far to look for a second line with the same stream and time.
NEAR = 2048

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
    # Nearly every line has exactly one escape, its newline.
    if text.endswith(b"\\n") and b"\\" not in (line := text[:-2]):
        return line + b"\n"
    plain = text
    for escaped, raw in ESCAPES:
        if b"\\" not in plain:
            break
        plain = plain.replace(escaped, raw)
    if b"\\" in plain:
        return _unescape_any(text)
    return plain.replace(b"\0", b"\\")


def _join(texts: bytes, between: bytes) -> bytes:
    """Take out what stands between the texts, and with it most of the escapes there are."""
    joined = texts.replace(b"\\n" + between, b"\n")
    # A backslash before it: perhaps that newline was the letter n behind an escaped backslash.
    if b"\\\n" in joined or SEAM in joined:
        return texts.replace(between, b"")
    return joined


def _unescape_any(text: bytes) -> bytes:
    try:
        # Not strict: joined texts hold raw newlines.
        plain: str = json.loads(b'"%b"' % text, strict=False)
    except ValueError:
        return text
    return plain.encode(errors="replace")


class JsonFileFormat:
    """See sampan.logs.filereader.Format."""

    def decode(self, data: bytes) -> tuple[list[Run], int]:
        """Take whole lines apart."""
        used = data.rfind(b"\n") + 1
        runs = []
        at = 0
        while match := RECORD.search(data, at, used):
            text, tail, stream, attrs, time = match.groups()
            at = match.end()
            if data.find(tail, at, min(at + NEAR, used)) >= 0:
                end = data.rfind(tail, at, used)
                more = _join(data[match.start(1) : end], tail + HEAD)
                if SEAM not in more and HEAD not in more:
                    text = more
                    at = end + len(tail)
            runs.append(Run(STREAMS[stream], time.decode(), unescape(text), attrs or b""))
        return runs, used

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
        return (start + match.start(), match[5].decode()) if match else None
