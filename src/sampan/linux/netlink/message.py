"""Netlink messages as bytes: headers, attributes, and taking replies apart. Opens no socket.

    nlmsghdr   u32 length, u16 type, u16 flags, u32 sequence, u32 port id      (netlink(7))
    nlattr     u16 length, u16 type, payload, padded to four bytes

The files beside this one say what goes into one family of messages each (link, address,
route, bridge port); socket.py sends them.
"""

import struct
from collections.abc import Iterator
from typing import NamedTuple

NLMSG_ERROR = 2
NLMSG_DONE = 3

NLM_F_REQUEST = 0x1
NLM_F_MULTI = 0x2
NLM_F_ACK = 0x4
NLM_F_REPLACE = 0x100
NLM_F_EXCL = 0x200
NLM_F_CREATE = 0x400
NLM_F_DUMP = 0x300

NLA_F_NESTED = 0x8000
NLA_TYPE_MASK = 0x3FFF

_HEADER = struct.Struct("=IHHII")
_ATTRIBUTE = struct.Struct("=HH")
HEADER_SIZE = _HEADER.size


class Request(NamedTuple):
    """One message to send; the socket adds sequence number and length."""

    kind: int
    flags: int
    payload: bytes
    subject: str = ""  # what an error text names: a link, an address

    def encode(self, sequence: int) -> bytes:
        """Return the message with its header."""
        size = HEADER_SIZE + len(self.payload)
        return _HEADER.pack(size, self.kind, self.flags, sequence, 0) + self.payload


class Reply(NamedTuple):
    """One message received."""

    kind: int
    flags: int
    sequence: int
    payload: bytes


def attribute(kind: int, value: bytes) -> bytes:
    """Encode one attribute, padded."""
    size = _ATTRIBUTE.size + len(value)
    return _ATTRIBUTE.pack(size, kind) + value + bytes(-size % 4)


def text(kind: int, value: str) -> bytes:
    """Encode a NUL-terminated string attribute."""
    return attribute(kind, value.encode() + b"\0")


def u8(kind: int, value: int) -> bytes:
    """Encode an attribute of one byte."""
    return attribute(kind, struct.pack("=B", value))


def u16(kind: int, value: int) -> bytes:
    """Encode an attribute of two bytes."""
    return attribute(kind, struct.pack("=H", value))


def u32(kind: int, value: int) -> bytes:
    """Encode an attribute of four bytes."""
    return attribute(kind, struct.pack("=I", value))


def nested(kind: int, *parts: bytes) -> bytes:
    """Encode an attribute that holds attributes."""
    return attribute(kind | NLA_F_NESTED, b"".join(parts))


def attributes(data: bytes) -> dict[int, bytes]:
    """Take a run of attributes apart. A type that occurs twice keeps its last value."""
    found = {}
    offset = 0
    while offset + _ATTRIBUTE.size <= len(data):
        size, kind = _ATTRIBUTE.unpack_from(data, offset)
        if size < _ATTRIBUTE.size:
            break
        found[kind & NLA_TYPE_MASK] = data[offset + _ATTRIBUTE.size : offset + size]
        offset += (size + 3) & ~3
    return found


def replies(data: bytes) -> Iterator[Reply]:
    """Take one datagram apart into its messages."""
    offset = 0
    while offset + HEADER_SIZE <= len(data):
        size, kind, flags, sequence, _port = _HEADER.unpack_from(data, offset)
        if size < HEADER_SIZE:
            break
        yield Reply(kind, flags, sequence, data[offset + HEADER_SIZE : offset + size])
        offset += (size + 3) & ~3
