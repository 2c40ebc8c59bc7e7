"""One attached client: what the container says goes out to it, what it types comes in.

Writes Docker's stream format (8 bytes head and payload), or raw bytes for a terminal, so
that the API only copies. Knows nothing of other readers, the log, or the container.
"""

import os
import struct
from _socket import AF_UNIX, SHUT_RDWR, SOCK_STREAM, socket
from contextlib import suppress

from sampan.runtime.monitor.loop import GONE, READ, WRITE, Loop
from sampan.runtime.monitor.spool import Spool

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

# More than this waiting in memory, and the reader counts as behind.
MEMORY = 262144
CHUNK = 65536
HEAD = struct.Struct(">BxxxL")


class Reader:
    """A client's stream socket."""

    __slots__ = (
        "_ending", "_events", "_loop", "_pending", "_sock", "_spool", "_spooling", "_streams",
        "_tty", "on_change", "on_gone", "on_input", "wants_input",
    )  # fmt: skip

    def __init__(
        self, loop: Loop, fd: int, streams: frozenset[int], *, tty: bool, directory: str
    ) -> None:
        self._loop = loop
        self._sock = socket(AF_UNIX, SOCK_STREAM, 0, fileno=fd)
        self._sock.settimeout(0)
        self._streams = streams
        self._tty = tty
        self._pending = bytearray()
        self._spool = Spool(directory)
        self._spooling = False
        self._ending = False
        self._events = 0
        self.wants_input = False
        # Called with bytes, b"" at the end of the client's input.
        self.on_input: Callable[[Reader, bytes], None] | None = None
        # Called when it has caught up with some of what waited.
        self.on_change: Callable[[], None] | None = None
        # Called once it is closed, whoever closed it.
        self.on_gone: Callable[[Reader], None] | None = None

    @property
    def behind(self) -> bool:
        """Whether the container should wait for this reader for the moment."""
        if self._spooling:
            return self._spool.full
        return len(self._pending) > MEMORY

    def watch_input(self, *, wanted: bool) -> None:
        """Begin or stop reading what the client types."""
        self.wants_input = wanted
        self._watch()

    def feed(self, stream: int, data: bytes) -> None:
        """Pass a chunk of output on."""
        if stream not in self._streams or self._sock.fileno() < 0:
            return
        head = b"" if self._tty else HEAD.pack(stream, len(data))
        if self._spooling:
            self._put_aside(head + data)
            return
        sent = 0
        if not self._pending:
            try:
                sent = self._sock.sendmsg((head, data))
            except BlockingIOError:
                pass
            except OSError:
                self.close()
                return
            if sent == len(head) + len(data):
                return
        if sent < len(head):
            self._pending += head[sent:]
            self._pending += data
        else:
            self._pending += memoryview(data)[sent - len(head) :]
        self._watch()

    def _put_aside(self, data: bytes) -> None:
        try:
            self._spool.put(data)
        except OSError as error:
            # A stream with a hole in it would be worse than one that ends.
            os.write(2, f"sampan: a slow reader is cut off: {error}\n".encode())
            self.close()

    def spool(self) -> None:
        """Put what comes next on disk until the reader has caught up."""
        self._spooling = True

    def finish(self) -> None:
        """Close once everything was passed on."""
        self._ending = True
        self._end_if_done()

    def _watch(self) -> None:
        fd = self._sock.fileno()
        if fd < 0:
            return
        events = (WRITE if self._pending else 0) | (READ if self.wants_input else 0)
        if events != self._events or not events:
            self._events = events
            self._loop.watch(fd, events, self._ready)

    def _ready(self, events: int) -> None:
        if events & WRITE:
            self._send()
        if events & READ and self.wants_input:
            self._receive()
        elif events & GONE and not events & WRITE:
            # Both directions are shut: nobody will read any more.
            self.close()

    def _send(self) -> None:
        try:
            sent = self._sock.send(memoryview(self._pending)[: 4 * CHUNK])
        except BlockingIOError:
            return
        except OSError:
            self.close()
            return
        del self._pending[:sent]
        if self._spooling and len(self._pending) < CHUNK:
            self._pending += self._spool.take(MEMORY)
            self._spooling = bool(len(self._spool))
        if self.on_change:
            self.on_change()
        self._end_if_done()
        self._watch()

    def _receive(self) -> None:
        try:
            data = self._sock.recv(CHUNK)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self.watch_input(wanted=False)
        if self.on_input:
            self.on_input(self, data)

    def _end_if_done(self) -> None:
        if self._ending and not self._pending and not self._spooling:
            self.close()

    def close(self) -> None:
        """Let the client go; what still waits for it is lost."""
        if self._sock.fileno() < 0:
            return
        self._loop.forget(self._sock.fileno())
        with suppress(OSError):
            self._sock.shutdown(SHUT_RDWR)
            # Unread input would turn the client's end of file into ECONNRESET (unix(7)).
            while os.read(self._sock.fileno(), CHUNK):
                pass
        self._sock.close()
        self._spool.close()
        self._pending = bytearray()
        if self.on_gone:
            self.on_gone(self)
