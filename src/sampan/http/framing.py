"""Where a request's body ends: by length or by chunks (RFC 9112, sections 6 and 7). Pure.

The head is parsed by the parser library; the body is measured here, because the library
does not say at which byte a message ended, and a hijacked connection must not lose the
bytes that follow (RFC 9110 has no word for Docker's hijack without an Upgrade header).
"""

from collections.abc import Mapping
from typing import Protocol

# A chunk-size line carries hexadecimal digits and extensions nobody uses.
MAX_CHUNK_LINE = 1024
MAX_TRAILERS = 16 * 1024


class BadFraming(Exception):
    """The body is not framed as HTTP wants it."""


class Framing(Protocol):
    """Cuts payload out of the bytes of one body."""

    def feed(self, data: bytes) -> tuple[list[bytes], bytes | None]:
        """Return the payload parts, and what follows the body (None while it goes on)."""


class Length:
    """A body of a known number of bytes."""

    def __init__(self, remaining: int) -> None:
        self.remaining = remaining

    def feed(self, data: bytes) -> tuple[list[bytes], bytes | None]:
        """See Framing."""
        if len(data) < self.remaining:
            self.remaining -= len(data)
            return [data], None
        payload, rest = data[: self.remaining], data[self.remaining :]
        self.remaining = 0
        return ([payload] if payload else []), rest


class Chunked:
    """A body in chunks: size line, payload, CRLF, until a chunk of size 0 and its trailers."""

    def __init__(self) -> None:
        self._held = b""  # an unfinished line
        self._left = 0  # payload bytes missing in the current chunk
        self._after = False  # the CRLF behind a payload is due
        self._trailers = -1  # bytes of trailers seen; -1 before the last chunk

    def feed(self, data: bytes) -> tuple[list[bytes], bytes | None]:
        """See Framing."""
        if self._held:
            data, self._held = self._held + data, b""
        parts: list[bytes] = []
        at = 0
        while at < len(data):
            if self._left:
                part = data[at : at + self._left]
                parts.append(part)
                at += len(part)
                self._left -= len(part)
                self._after = not self._left
                continue
            end = data.find(b"\r\n", at)
            if end < 0:
                self._hold(data[at:])
                return parts, None
            line, at = data[at:end], end + 2
            if self._line(line):
                return parts, data[at:]
        return parts, None

    def _hold(self, line: bytes) -> None:
        if len(line) > MAX_CHUNK_LINE:
            raise BadFraming("chunk size line is too long")
        self._held = line

    def _line(self, line: bytes) -> bool:
        """Take one line; True when it was the last of the body."""
        if self._trailers >= 0:
            self._trailers += len(line) + 2
            if self._trailers > MAX_TRAILERS:
                raise BadFraming("trailers are too long")
            return not line
        if self._after:
            if line:
                raise BadFraming("chunk is longer than its size")
            self._after = False
            return False
        size = line.split(b";", 1)[0].strip()
        # int() would also take "+1", "0x1" and "1_0": request smuggling lives in such gaps.
        if not size or len(size) > 15 or not all(c in b"0123456789abcdefABCDEF" for c in size):
            raise BadFraming(f"bad chunk size: {line[:20]!r}")
        self._left = int(size, 16)
        if not self._left:
            self._trailers = 0
        return False


def framing_of(headers: Mapping[str, str]) -> Framing | None:
    """How the body of a request with these headers is framed; None when it has none."""
    encoding = headers.get("transfer-encoding")
    if encoding is not None:
        if encoding.strip().lower() != "chunked" or "content-length" in headers:
            raise BadFraming(f"unsupported transfer encoding: {encoding}")
        return Chunked()
    length = headers.get("content-length")
    if length is None or length == "0":
        return None
    if not (length.isascii() and length.isdigit() and len(length) < 19):
        raise BadFraming(f"bad content length: {length}")
    return Length(int(length))
