"""The body of a request: bytes that arrive while the handler runs. Knows no framing.

The connection feeds it and is told when the handler has caught up, so that a slow handler
stops the socket from being read rather than filling memory.
"""

import asyncio
from collections import deque
from collections.abc import Callable

# Above this many unread bytes the connection stops reading its socket.
HIGH_WATER = 512 * 1024


class BodyTooLarge(Exception):
    """More bytes than the handler is willing to hold."""


class BodyBroken(Exception):
    """The client left, or broke its framing, before the end of its body."""


class Body:
    """An async iterator over the chunks of one body; each chunk is given once."""

    __slots__ = ("_chunks", "_error", "_on_start", "_resume", "_waiter", "buffered", "ended")

    def __init__(
        self,
        *,
        on_start: Callable[[], None] | None = None,
        resume: Callable[[], None] | None = None,
    ) -> None:
        self._chunks: deque[bytes] = deque()
        self._waiter: asyncio.Future[None] | None = None
        self._error: BodyBroken | None = None
        self._on_start = on_start
        self._resume = resume
        self.buffered = 0
        self.ended = False

    def feed(self, data: bytes) -> None:
        """Add bytes; the connection's side."""
        self._chunks.append(data)
        self.buffered += len(data)
        self._wake()

    def feed_end(self) -> None:
        """Say that all of it has come."""
        self.ended = True
        self._wake()

    def fail(self, reason: str) -> None:
        """Say that no more will come, although it should have."""
        if not self.ended and self._error is None:
            self._error = BodyBroken(reason)
            self._wake()

    @property
    def full(self) -> bool:
        """Whether the connection should stop reading for now."""
        return self.buffered >= HIGH_WATER

    def __aiter__(self) -> "Body":
        return self

    async def __anext__(self) -> bytes:
        while not self._chunks:
            if self._error is not None:
                raise self._error
            if self.ended:
                raise StopAsyncIteration
            await self._wait_data()
        chunk = self._chunks.popleft()
        self.buffered -= len(chunk)
        if not self._chunks and self._resume is not None:
            self._resume()
        return chunk

    async def read(self, limit: int) -> bytes:
        """All of it at once, or BodyTooLarge beyond `limit` bytes."""
        parts = []
        size = 0
        async for chunk in self:
            size += len(chunk)
            if size > limit:
                raise BodyTooLarge(f"request body is larger than {limit} bytes")
            parts.append(chunk)
        return b"".join(parts)

    async def _wait_data(self) -> None:
        if self._on_start is not None:
            # The first reader who finds nothing tells a client that waits for
            # "100 Continue" to go on (RFC 9110, section 10.1.1).
            self._on_start()
            self._on_start = None
        self._waiter = asyncio.get_running_loop().create_future()
        try:
            await self._waiter
        finally:
            self._waiter = None

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)
