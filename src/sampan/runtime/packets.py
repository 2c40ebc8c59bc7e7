"""Packets of JSON and descriptors, as cheaply as Python can: for the launcher and its children.

A page that a forked process writes to is a page of its own, and a reference count is a
write: socket.socket() with its enums, json.loads() and json.dumps() dirty 130, 200 and 280
kB the first time they are called, in every monitor (measured). So the C parts below them
are used directly. The daemon's side is sampan.runtime.wire.
"""

import json
import os
from _socket import (
    AF_UNIX,
    CMSG_SPACE,
    MSG_CMSG_CLOEXEC,
    SCM_RIGHTS,
    SOCK_CLOEXEC,
    SOCK_SEQPACKET,
    SOL_SOCKET,
    socket,
    socketpair,
)
from json.encoder import (  # type: ignore[attr-defined]
    c_make_encoder,
    encode_basestring_ascii,
)
from struct import Struct

from sampan.runtime.messages import MAX_PACKET

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

MAX_FDS = 8
SPACE = CMSG_SPACE(MAX_FDS * 4)
FD = Struct("i")

_scan = json.JSONDecoder().scan_once  # type: ignore[attr-defined]


def _refuse(value: object) -> object:
    raise TypeError(f"no JSON for {value!r}")


# As JSONEncoder.iterencode makes it, but once; None where there is no C encoder.
_encode = c_make_encoder and c_make_encoder(
    None, _refuse, encode_basestring_ascii, None, ":", ",", False, False, True  # noqa: FBT003
)


def encode(message: "dict[str, Any]") -> bytes:
    """Turn a document into JSON."""
    if _encode:
        return "".join(_encode(message, 0)).encode()
    return json.dumps(message).encode()


def decode(data: bytes) -> "dict[str, Any]":
    """Turn JSON into a document; ValueError when it is none."""
    try:
        document, _ = _scan(data.decode().strip(), 0)
    except StopIteration:
        raise ValueError("not JSON") from None
    if not isinstance(document, dict):
        raise ValueError("not a JSON object")
    return document


def pair() -> tuple[socket, socket]:
    """Make a connected pair of packet sockets."""
    return socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC)


def from_fd(fd: int) -> socket:
    """Take a packet socket's descriptor."""
    return socket(AF_UNIX, SOCK_SEQPACKET, 0, fileno=fd)


def send(sock: socket, data: bytes, fds: tuple[int, ...] = ()) -> None:
    """Send one packet with descriptors."""
    if fds:
        rights = b"".join([FD.pack(fd) for fd in fds])
        sock.sendmsg([data], [(SOL_SOCKET, SCM_RIGHTS, rights)])
    else:
        sock.send(data)


def receive(sock: socket) -> tuple[bytes, list[int]]:
    """Receive one packet and its descriptors, close-on-exec; b"" at the end."""
    data, ancillary, _, _ = sock.recvmsg(MAX_PACKET, SPACE, MSG_CMSG_CLOEXEC)
    fds: list[int] = []
    for level, kind, payload in ancillary:
        if level == SOL_SOCKET and kind == SCM_RIGHTS:
            whole = len(payload) - len(payload) % FD.size
            fds += [fd for (fd,) in FD.iter_unpack(payload[:whole])]
    return data, fds


def close_all(fds: list[int]) -> None:
    """Close descriptors that nobody wanted."""
    for fd in fds:
        os.close(fd)
