"""Telling systemd how it goes (sd_notify(3)): one datagram, or nothing when nobody asked."""

import socket
from contextlib import suppress

from sampan.base.settings import setting


def notify(state: str) -> None:
    """Send READY=1, STOPPING=1 and the like."""
    address = setting("NOTIFY_SOCKET")
    if not address:
        return
    if address.startswith("@"):
        address = "\0" + address[1:]
    sock = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC)
    # An error is nobody's to hear: systemd goes by its own timeout.
    with sock, suppress(OSError):
        sock.sendto(state.encode(), address)
