"""Websocket frames as bytes (RFC 6455, section 5). Pure: no sockets, no handshake."""

from typing import NamedTuple

CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0x0, 0x1, 0x2, 0x8, 0x9, 0xA

# A client types into a terminal or pipes a file; whatever it is, it can be cut smaller.
MAX_PAYLOAD = 4 * 1024 * 1024


class BadFrame(Exception):
    """The client broke the protocol; `code` is the close code that says so."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code


class Frame(NamedTuple):
    """One frame, unmasked."""

    opcode: int
    final: bool
    payload: bytes


def encode(opcode: int, payload: bytes | memoryview) -> bytes:
    """One final frame as a server sends it: never masked."""
    size = len(payload)
    if size < 126:
        head = bytes((0x80 | opcode, size))
    elif size < 65536:
        head = bytes((0x80 | opcode, 126)) + size.to_bytes(2, "big")
    else:
        head = bytes((0x80 | opcode, 127)) + size.to_bytes(8, "big")
    return head + payload


def close_payload(code: int, reason: str = "") -> bytes:
    """The payload of a close frame; control frames carry at most 125 bytes."""
    return code.to_bytes(2, "big") + reason.encode()[:123]


class Decoder:
    """Cuts frames out of the bytes a client sends."""

    def __init__(self) -> None:
        self._held = b""

    def feed(self, data: bytes) -> list[Frame]:
        """Return the frames that are complete now."""
        data = self._held + data if self._held else data
        frames = []
        at = 0
        while (found := _frame(data, at)) is not None:
            frame, at = found
            frames.append(frame)
        self._held = data[at:]
        return frames


def _frame(data: bytes, at: int) -> tuple[Frame, int] | None:
    """The frame at an offset and the offset behind it, or None when it is not all there."""
    if len(data) - at < 2:
        return None
    first, second = data[at], data[at + 1]
    if first & 0x70:
        raise BadFrame(1002, "reserved bits are set")
    if not second & 0x80:
        raise BadFrame(1002, "a client's frame must be masked")
    opcode, size, body = first & 0x0F, second & 0x7F, at + 2
    if opcode & 0x8 and (size > 125 or not first & 0x80):
        raise BadFrame(1002, "control frame is fragmented or too long")
    extended = {126: 2, 127: 8}.get(size, 0)
    if extended:
        if len(data) < body + extended:
            return None
        size = int.from_bytes(data[body : body + extended], "big")
        body += extended
    if size > MAX_PAYLOAD:
        raise BadFrame(1009, "frame is too long")
    if len(data) < body + 4 + size:
        return None
    mask, payload = data[body : body + 4], data[body + 4 : body + 4 + size]
    return Frame(opcode, bool(first & 0x80), unmask(payload, mask)), body + 4 + size


def unmask(payload: bytes, mask: bytes) -> bytes:
    """XOR with the repeated mask; as one big integer, which is far faster than byte by byte."""
    size = len(payload)
    if not size:
        return b""
    key = (mask * (size // 4 + 1))[:size]
    return (int.from_bytes(payload, "big") ^ int.from_bytes(key, "big")).to_bytes(size, "big")
