"""Packets between the daemon and launcher or monitors: JSON in, JSON out, descriptors beside it.

The daemon's side, with sockets of the standard library. What the packets say is
sampan.runtime.messages' business.
"""

import os
import socket

from sampan.runtime import packets

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def pair() -> tuple[socket.socket, socket.socket]:
    """Make a connected pair of packet sockets."""
    return socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)


def send(sock: socket.socket, message: "dict[str, Any]", fds: tuple[int, ...] = ()) -> None:
    """Send one message with its descriptors."""
    packets.send(sock, packets.encode(message), fds)


def receive(sock: socket.socket) -> "tuple[dict[str, Any], list[int]] | None":
    """Receive one message and its descriptors (close-on-exec); None at the end."""
    data, fds = packets.receive(sock)
    if not data:
        return None
    try:
        return packets.decode(data), fds
    except ValueError:
        packets.close_all(fds)
        raise


def connect(directory: str, name: str = "monitor.sock") -> socket.socket:
    """Connect to a packet socket in a directory, however long the directory's path is.

    ConnectionRefusedError when nobody listens. sun_path holds 108 bytes; the way through the
    descriptor's link is always short (unix(7)).
    """
    sock = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    try:
        fd = os.open(directory, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            sock.connect(f"/proc/self/fd/{fd}/{name}")
        finally:
            os.close(fd)
    except OSError:
        sock.close()
        raise
    return sock
