"""Packets between daemon, launcher and monitors: JSON in, JSON out, descriptors beside it.

What the packets say is sampan.runtime.messages' business. Knows sockets, not processes.
"""

import array
import json
import os
import socket

from sampan.runtime.messages import MAX_PACKET

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

MAX_FDS = 8


def pair() -> tuple[socket.socket, socket.socket]:
    """Make a connected pair of packet sockets."""
    return socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)


def send(sock: socket.socket, message: "dict[str, Any]", fds: "tuple[int, ...]" = ()) -> None:
    """Send one message with its descriptors."""
    data = json.dumps(message).encode()
    if fds:
        rights = array.array("i", fds)
        sock.sendmsg([data], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, rights)])
    else:
        sock.send(data)


def receive(sock: socket.socket) -> "tuple[dict[str, Any], list[int]] | None":
    """Receive one message and its descriptors (close-on-exec); None at the end."""
    data, fds = receive_bytes(sock)
    if not data:
        return None
    try:
        message = json.loads(data)
    except ValueError:
        for fd in fds:
            os.close(fd)
        raise
    return message, fds


def receive_bytes(sock: socket.socket) -> tuple[bytes, list[int]]:
    """Receive one packet as it is and its descriptors; b"" at the end."""
    space = socket.CMSG_SPACE(MAX_FDS * 4)
    data, ancillary, _, _ = sock.recvmsg(MAX_PACKET, space, socket.MSG_CMSG_CLOEXEC)
    fds = array.array("i")
    for level, kind, payload in ancillary:
        if level == socket.SOL_SOCKET and kind == socket.SCM_RIGHTS:
            fds.frombytes(payload[: len(payload) - len(payload) % fds.itemsize])
    return data, list(fds)


def listen(directory: str, name: str) -> socket.socket:
    """Listen on a packet socket in a directory, however long the directory's path is.

    sun_path holds 108 bytes; the way through the descriptor's link is always short (unix(7)).
    """
    sock = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    fd = os.open(directory, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        sock.bind(f"/proc/self/fd/{fd}/{name}")
    finally:
        os.close(fd)
    sock.listen(8)
    return sock


def connect(directory: str, name: str = "monitor.sock") -> socket.socket:
    """Connect to a packet socket in a directory; ConnectionRefusedError when nobody listens."""
    sock = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    fd = os.open(directory, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        sock.connect(f"/proc/self/fd/{fd}/{name}")
    except OSError:
        sock.close()
        raise
    finally:
        os.close(fd)
    return sock
