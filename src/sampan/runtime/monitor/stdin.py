"""The container's standard input: a queue in front of a pipe or terminal that may be full.

Clients attach, type and even close before the program runs; nothing of it may be lost.
"""

import os

from sampan.runtime.monitor.loop import GONE, WRITE, Loop

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

# More than this waiting, and clients are not read from.
LIMIT = 262144


class Stdin:
    """Bytes on their way into the container."""

    __slots__ = ("_closing", "_fd", "_loop", "_queue", "_shut", "on_room")

    def __init__(self, loop: Loop) -> None:
        self._loop = loop
        self._fd = -1
        self._queue = bytearray()
        self._closing = False
        self._shut = False
        self.on_room: Callable[[], None] | None = None

    @property
    def full(self) -> bool:
        """Whether clients should wait."""
        return len(self._queue) > LIMIT

    def open(self, fd: int) -> None:
        """Take the descriptor to write to; it becomes non-blocking and ours to close."""
        os.set_blocking(fd, False)  # noqa: FBT003 - the library's own signature
        self._fd = fd
        self._flush()

    def put(self, data: bytes) -> None:
        """Queue bytes; silently nothing once it is closed, as with Docker."""
        if self._shut or self._closing:
            return
        self._queue += data
        if self._fd >= 0:
            self._flush()

    def close(self) -> None:
        """End the container's input after what is queued."""
        self._closing = True
        if self._fd >= 0:
            self._flush()

    def _flush(self) -> None:
        while self._queue:
            try:
                count = os.write(self._fd, self._queue)
            except BlockingIOError:
                self._loop.watch(self._fd, WRITE, self._ready)
                return
            except OSError:
                # The program has closed its end (EPIPE), or is gone (EIO).
                self.shut()
                return
            del self._queue[:count]
        self._loop.forget(self._fd)
        if self._closing:
            self.shut()

    def _ready(self, events: int) -> None:
        if events & GONE and not events & WRITE:
            self.shut()
        else:
            self._flush()
        if self.on_room and not self.full:
            self.on_room()

    def close_fd(self) -> None:
        """Let go of the descriptor, but keep what is queued for another one."""
        if self._fd >= 0:
            self._loop.forget(self._fd)
            os.close(self._fd)
            self._fd = -1

    def shut(self) -> None:
        """Close now, whatever is queued."""
        self._shut = True
        self._queue = bytearray()
        self.close_fd()
