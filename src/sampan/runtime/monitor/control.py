"""The monitor's conversations with daemons: one given at birth, more through monitor.sock.

Knows packets and connections; what a message does is the callback's business.
"""

import os
from _socket import AF_UNIX, SHUT_RDWR, SOCK_CLOEXEC, SOCK_SEQPACKET, socket
from contextlib import suppress

from sampan.runtime import messages, packets
from sampan.runtime.monitor.loop import READ, Loop

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

SOCKET = "monitor.sock"


class Control:
    """All connections of one monitor."""

    __slots__ = ("_connections", "_directory", "_listener", "_loop", "on_connect", "on_lost",
                 "on_message")  # fmt: skip

    def __init__(self, loop: Loop) -> None:
        self._loop = loop
        self._connections: list[socket] = []
        self._listener: socket | None = None
        self._directory = ""
        self.on_message: Callable[[dict[str, Any], list[int]], None] | None = None
        # Gives the first message for a new connection, and its descriptors.
        self.on_connect: Callable[[], tuple[dict[str, Any], tuple[int, ...]]] | None = None
        # Called when a connection has ended.
        self.on_lost: Callable[[], None] | None = None

    def add(self, sock: socket) -> None:
        """Serve a connection."""
        sock.settimeout(0)
        self._connections.append(sock)
        self._loop.watch(sock.fileno(), READ, lambda _: self._receive(sock))

    def listen(self, directory: str) -> None:
        """Let daemons find us by the task's directory."""
        self._directory = directory
        with suppress(FileNotFoundError):
            os.unlink(f"{directory}/{SOCKET}")
        self._listener = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC)
        fd = os.open(directory, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            # sun_path holds 108 bytes; the way through the link is always short (unix(7)).
            self._listener.bind(f"/proc/self/fd/{fd}/{SOCKET}")
        finally:
            os.close(fd)
        self._listener.listen(8)
        self._listener.settimeout(0)
        self._loop.watch(self._listener.fileno(), READ, self._accept)

    def broadcast(self, message: "dict[str, Any]", fds: tuple[int, ...] = ()) -> None:
        """Tell every connection."""
        data = packets.encode(message)
        for sock in list(self._connections):
            self._send(sock, data, fds)

    def _send(self, sock: socket, data: bytes, fds: tuple[int, ...]) -> None:
        try:
            packets.send(sock, data, fds)
        except OSError:
            # Gone, or deaf with hundreds of packets unread; it can connect again.
            self._drop(sock)

    def _accept(self, _: int) -> None:
        assert self._listener
        try:
            fd, _address = self._listener._accept()  # type: ignore[attr-defined]  # noqa: SLF001
        except OSError:
            return
        sock = packets.from_fd(fd)
        self.add(sock)
        if self.on_connect:
            message, fds = self.on_connect()
            self._send(sock, packets.encode(message), fds)

    def _receive(self, sock: socket) -> None:
        try:
            data, fds = packets.receive(sock)
        except BlockingIOError:
            return
        except OSError:
            data, fds = b"", []
        try:
            message = packets.decode(data) if data else None
        except ValueError:
            packets.close_all(fds)
            message = None
        if message is None:
            self._drop(sock)
        elif self.on_message:
            self.on_message(message, fds)

    def _drop(self, sock: socket) -> None:
        if sock not in self._connections:
            return
        self._connections.remove(sock)
        self._loop.forget(sock.fileno())
        sock.close()
        if self.on_lost:
            self.on_lost()

    @property
    def connected(self) -> bool:
        """Whether any daemon listens."""
        return bool(self._connections)

    def stop_listening(self) -> None:
        """Take no further connections; leave nothing in the task's directory."""
        if not self._listener:
            return
        self._loop.forget(self._listener.fileno())
        self._listener.close()
        self._listener = None
        with suppress(OSError):
            os.unlink(f"{self._directory}/{SOCKET}")

    def close(self) -> None:
        """Stop listening and end all conversations."""
        self.stop_listening()
        for sock in self._connections:
            self._loop.forget(sock.fileno())
            _hang_up(sock)
        self._connections.clear()


def _hang_up(sock: socket) -> None:
    """Close without harm to what was sent: unread packets would make it ECONNRESET (unix(7))."""
    with suppress(OSError):
        sock.shutdown(SHUT_RDWR)
        while sock.recv(1):
            pass
    sock.close()


def attach_wishes(message: "dict[str, Any]") -> dict[str, bool]:
    """Which streams an attach message asks for."""
    assert message["op"] == messages.ATTACH
    return {name: bool(message.get(name)) for name in ("stdin", "stdout", "stderr")}
