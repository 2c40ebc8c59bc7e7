"""Bytes between the user and a hijacked connection, until one side has had enough.

One thread, one poll: a container that does not read its stdin must not keep us from
reading its stdout. Knows nothing of terminals and signals; handlers of signals run between
two rounds of the poll.
"""

from __future__ import annotations

import _socket
import os
import select

from sampan.http.client import BLOCK

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from sampan.client.api import Hijacked
    from sampan.client.keys import Watch

IN = select.POLLIN | select.POLLHUP | select.POLLERR
DONT_WAIT = _socket.MSG_DONTWAIT | _socket.MSG_NOSIGNAL
# How much is read of stdin at a time; the rest waits in its pipe.
TYPED = 1 << 16


class Pump:
    """One attached session."""

    def __init__(
        self,
        stream: Hijacked,
        take: Callable[[bytes], None] | None,
        *,
        stdin: int | None = None,
        keys: Watch | None = None,
    ) -> None:
        self._stream = stream
        self._sock = stream.connection.sock
        # None: nobody wants output, and the session ends with the input.
        self._take = take
        self._stdin = stdin
        self._keys = keys
        self._pending = b""
        self._closing = stdin is None
        self._half_closed = False
        self._poll = select.poll()
        # Called when nothing happened for `pause` milliseconds, and sets the next pause.
        self.pause = -1
        self.idle: Callable[[], int] | None = None

    def run(self) -> bool:
        """Pump until the stream ends; False when the user typed the detach keys."""
        if self._stream.early and self._take:
            self._take(self._stream.early)
        while True:
            if self._closing and not self._pending and not self._half_closed:
                self._half_closed = True
                self._stream.half_close()
                if self._take is None:
                    return True
            self._register()
            ready = self._poll.poll(self.pause)
            if not ready and self.idle is not None:
                self.pause = self.idle()
            for fd, event in ready:
                if fd == self._stdin and not self._typed():
                    return False
                if fd == self._sock.fileno() and not self._moved(event):
                    return True

    def _register(self) -> None:
        flags = IN | (select.POLLOUT if self._pending else 0)
        self._poll.register(self._sock.fileno(), flags)
        if self._stdin is None:
            return
        # Nothing more is read while the container has not taken what was read before.
        if self._pending or self._closing:
            try:
                self._poll.unregister(self._stdin)
            except KeyError:
                return
        else:
            self._poll.register(self._stdin, IN)

    def _typed(self) -> bool:
        """Read stdin; False when the detach keys were in it."""
        assert self._stdin is not None
        try:
            data = os.read(self._stdin, TYPED)
        except BlockingIOError:
            return True
        except OSError:
            data = b""  # the terminal is gone
        if not data:
            self._closing = True
        detached = False
        if self._keys is not None:
            data, detached = self._keys.feed(data)
        self._pending += data
        self._send()
        return not detached

    def _moved(self, event: int) -> bool:
        """Send and receive what can be; False at the end of the stream."""
        if self._pending and event & select.POLLOUT:
            self._send()
        if not event & IN:
            return True
        try:
            data = self._sock.recv(BLOCK)
        except ConnectionResetError:
            data = b""
        if data and self._take:
            self._take(data)
        return bool(data)

    def _send(self) -> None:
        try:
            while self._pending:
                sent = self._sock.send(self._pending[:BLOCK], DONT_WAIT)
                self._pending = self._pending[sent:]
        except BlockingIOError:
            return
        except OSError:
            # The container closed its stdin, or is gone; the receiving side tells which.
            self._pending = b""
            self._closing = True
