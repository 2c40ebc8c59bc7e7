"""A connection that has left HTTP: bytes both ways, each direction ended on its own.

Stream is what a handler gets from Request.hijack. Bytes that came together with the request
are read first. A slow handler stops the socket from being read; a slow client makes drain()
wait.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable

HIGH_WATER = 256 * 1024


class Stream:
    """One hijacked connection."""

    __slots__ = (
        "_buffered",
        "_chunks",
        "_drain",
        "_eof",
        "_paused",
        "_transport",
        "_waiter",
    )

    def __init__(
        self, transport: asyncio.Transport, drain: Callable[[], Awaitable[None]], first: bytes
    ) -> None:
        self._transport = transport
        self._drain = drain
        self._chunks: deque[bytes] = deque([first] if first else [])
        self._buffered = len(first)
        self._eof = False
        self._paused = False
        self._waiter: asyncio.Future[None] | None = None

    @property
    def transport(self) -> asyncio.Transport:
        """The transport, for whoever lets another protocol take over (set_protocol)."""
        return self._transport

    async def read(self) -> bytes:
        """The next bytes as they came; b"" when the client has ended its side."""
        while not self._chunks:
            if self._eof:
                return b""
            self._waiter = asyncio.get_running_loop().create_future()
            try:
                await self._waiter
            finally:
                self._waiter = None
        chunk = self._chunks.popleft()
        self._buffered -= len(chunk)
        if self._paused and not self._chunks:
            self._paused = False
            if not self._transport.is_closing():
                self._transport.resume_reading()
        return chunk

    def write(self, data: bytes | memoryview) -> None:
        """Send bytes, or keep them until they can be sent: pair it with drain()."""
        if not self._transport.is_closing():
            self._transport.write(data)

    async def drain(self) -> None:
        """Wait until the client has taken most of what was written."""
        await self._drain()

    @property
    def closed(self) -> bool:
        """Whether nothing written can arrive any more."""
        return self._transport.is_closing()

    def write_eof(self) -> None:
        """End our side; the client may go on sending."""
        if not self._transport.is_closing() and self._transport.can_write_eof():
            self._transport.write_eof()

    def close(self) -> None:
        """End both sides, after what was written has been sent."""
        self._transport.close()

    def feed(self, data: bytes) -> None:
        """Take bytes from the connection."""
        self._chunks.append(data)
        self._buffered += len(data)
        if self._buffered >= HIGH_WATER and not self._paused:
            self._paused = True
            self._transport.pause_reading()
        self._wake()

    def feed_eof(self) -> None:
        """Say that the client has ended its side, or is gone."""
        self._eof = True
        self._wake()

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)
