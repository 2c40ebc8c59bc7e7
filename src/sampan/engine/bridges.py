"""Streams between the event loop and threads, in both directions, with bounded memory.

async for block in produce(threads, work)     work(put) runs in a thread and puts blocks
async for item in iterate(threads, iterator)  a synchronous iterator, step by step
async with Upload(body) as upload             upload.read(n) in a thread, fed from body
"""

import asyncio
import queue
import threading
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterator
from types import TracebackType
from typing import TypeVar

from sampan.base.tasks import Tasks
from sampan.engine.threads import Threads
from sampan.errors import InvalidRequest, SampanError

T = TypeVar("T")

DEPTH = 8  # blocks a side may run ahead
UPLOAD_DEPTH = 64  # what HTTP gives comes in smaller pieces

Put = Callable[[bytes], None]


class Abandoned(Exception):
    """Nobody reads any more. Raised inside the producing thread to end it."""


class _Belt:
    """Blocks on their way from a thread to the loop."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._blocks: deque[bytes] = deque()
        self._news = asyncio.Event()
        self._room = threading.Semaphore(DEPTH)
        self._abandoned = False

    def put(self, block: bytes) -> None:
        """Hand a block over; waits while the reader is behind. For the thread."""
        self._room.acquire()
        if self._abandoned:
            raise Abandoned
        self._blocks.append(block)
        self._loop.call_soon_threadsafe(self._news.set)

    def wake(self, _: object) -> None:
        """Let the reader look again."""
        self._news.set()

    async def take(self, done: "asyncio.Future[None]") -> bytes:
        """Return the next block, b"" when there will be none."""
        while not self._blocks:
            if done.done():
                return b""
            self._news.clear()
            if not self._blocks and not done.done():
                await self._news.wait()
        self._room.release()
        return self._blocks.popleft()

    def abandon(self) -> None:
        """Say that nobody reads any more."""
        self._abandoned = True
        self._room.release(DEPTH)


async def produce(threads: Threads, work: Callable[[Put], None]) -> AsyncIterator[bytes]:
    """Yield what work puts, and raise what it raises."""
    belt = _Belt()
    owner = Tasks("stream")
    done = owner.start(_quietly(threads, work, belt.put), name="producer")
    done.add_done_callback(belt.wake)
    try:
        while block := await belt.take(done):
            yield block
        error = await done
        if error is not None:
            raise error
    finally:
        belt.abandon()
        await owner.idle()


async def _quietly(threads: Threads, work: Callable[[Put], None], put: Put) -> BaseException | None:
    """Run work; return what it raised, for the reader to raise."""
    try:
        await threads.alone(work, put)
    except Abandoned:
        return None
    except Exception as error:  # noqa: BLE001 - raised again by produce()
        return error
    return None


_END = object()


async def iterate(threads: Threads, iterator: Iterator[T]) -> AsyncIterator[T]:
    """Yield what a synchronous iterator yields, stepping it in threads."""
    stepping = False
    try:
        while True:
            stepping = True
            item = await threads.disk(next, iterator, _END)
            stepping = False
            if item is _END:
                return
            yield item  # type: ignore[misc]
    finally:
        close = getattr(iterator, "close", None)
        # A step that goes on in its thread although nobody waits for it any more cannot be
        # closed; it ends with what it reads from.
        if close is not None and not stepping:
            await threads.disk(close)


class Upload:
    """A client's body as a file object for a thread."""

    def __init__(self, body: AsyncIterator[bytes]) -> None:
        self._body = body
        self._loop = asyncio.get_running_loop()
        self._pieces: queue.SimpleQueue[bytes | Exception] = queue.SimpleQueue()
        self._room = asyncio.Semaphore(UPLOAD_DEPTH)
        self._rest = b""
        self._end: bytes | Exception | None = None  # b"" or what went wrong, once it has come
        self._owner = Tasks("upload")

    async def __aenter__(self) -> "Upload":
        """Begin to read the body."""
        self._owner.start(self._pump(), name="pump")
        return self

    async def _pump(self) -> None:
        end: bytes | Exception = InvalidRequest("the upload was cut short")
        try:
            async for piece in self._body:
                if piece:
                    await self._room.acquire()
                    self._pieces.put(piece)
            end = b""
        except SampanError as error:
            end = error
        finally:
            self._pieces.put(end)

    def read(self, size: int = -1, /) -> bytes:
        """Return up to size bytes, b"" at the end. For the thread."""
        if size < 0:
            return b"".join(iter(lambda: self.read(1 << 20), b""))
        if not self._rest and self._end is None:
            self._rest = self._gather(size)
        if not self._rest and isinstance(self._end, Exception):
            raise self._end
        taken, self._rest = self._rest[:size], self._rest[size:]
        return taken

    def _gather(self, size: int) -> bytes:
        """Wait for a piece, and take all that came with it.

        HTTP gives pieces of some 30 kB. Thanking the loop for each of them wakes it up each
        time, and the two threads then fight for the interpreter's lock: half the time of a load.
        """
        pieces: list[bytes] = []
        length = 0
        piece = self._pieces.get()
        while True:
            if isinstance(piece, Exception) or not piece:
                self._end = piece
                break
            pieces.append(piece)
            length += len(piece)
            if length >= size:
                break
            try:
                piece = self._pieces.get_nowait()
            except queue.Empty:
                break
        if pieces:
            self._loop.call_soon_threadsafe(self._make_room, len(pieces))
        return b"".join(pieces)

    def _make_room(self, pieces: int) -> None:
        for _ in range(pieces):
            self._room.release()

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop reading the body."""
        await self._owner.close()
