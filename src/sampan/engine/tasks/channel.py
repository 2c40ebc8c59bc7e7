"""A packet connection to the launcher or a monitor, on the event loop. Knows no message."""

import asyncio
import os
import socket
from collections import deque
from collections.abc import Callable
from typing import Any

from sampan.runtime import wire

Message = dict[str, Any]
OnMessage = Callable[[Message, list[int]], None]


class Channel:
    """One end of a SEQPACKET pair. Descriptors given to send() are closed once sent."""

    def __init__(
        self, sock: socket.socket, on_message: OnMessage, on_close: Callable[[], None]
    ) -> None:
        sock.settimeout(0)
        self._sock = sock
        self._on_message = on_message
        self._on_close = on_close
        self._waiting: deque[tuple[Message, tuple[int, ...]]] = deque()
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(sock, self._readable)
        self.closed = False

    def send(self, message: Message, *fds: int) -> None:
        """Send one packet, now or as soon as there is room; nothing when the other end is gone."""
        if self.closed:
            _close_all(fds)
            return
        self._waiting.append((message, fds))
        if len(self._waiting) == 1:
            self._flush()

    def _flush(self) -> None:
        while self._waiting:
            message, fds = self._waiting[0]
            try:
                wire.send(self._sock, message, fds)
            except BlockingIOError:
                self._loop.add_writer(self._sock, self._flush)
                return
            except OSError:
                # The other end is gone; the reader sees the same and reports it, after what
                # the other end said last.
                self._drop_waiting()
                return
            self._waiting.popleft()
            _close_all(fds)
        self._loop.remove_writer(self._sock)

    def _readable(self) -> None:
        while not self.closed:
            try:
                received = wire.receive(self._sock)
            except BlockingIOError:
                return
            except (OSError, ValueError):
                received = None
            if received is None:
                self.close()
                self._on_close()
                return
            self._on_message(*received)

    def close(self) -> None:
        """Let go of the connection. on_close is not called."""
        if self.closed:
            return
        self.closed = True
        self._loop.remove_reader(self._sock)
        self._loop.remove_writer(self._sock)
        self._drop_waiting()
        self._sock.close()

    def _drop_waiting(self) -> None:
        for _, fds in self._waiting:
            _close_all(fds)
        self._waiting.clear()


def _close_all(fds: tuple[int, ...]) -> None:
    for fd in fds:
        os.close(fd)
