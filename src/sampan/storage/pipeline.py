"""Streams of byte blocks, and the threads that carry them.

A block is a bytes-like object of up to a mebibyte or so; a stream is an iterator of blocks.
Reading, hashing and decompressing all release the interpreter's lock, so each gets a thread and
the one that walks the archive gets the processor it is on. What the bytes mean is not known here.
"""

import hashlib
import queue
import threading
from collections.abc import Iterable, Iterator
from typing import BinaryIO, Protocol

Block = bytes | memoryview

SIZE = 1 << 20
# Blocks a thread may run ahead: bounds memory at a few mebibytes per stage.
DEPTH = 4
# Below this, starting a thread costs more than hashing inline.
INLINE = 1 << 18


class Reads(Protocol):
    """What is asked of a stream: read(n) gives up to n bytes, and b"" at the end."""

    def read(self, size: int, /) -> bytes:
        """Read up to size bytes."""


def read_blocks(stream: Reads | BinaryIO, size: int = SIZE) -> Iterator[bytes]:
    """Turn a binary file object into a stream of blocks."""
    # read1 of a buffered reader gives what is there instead of waiting for a full block.
    read = getattr(stream, "read1", stream.read)
    while block := read(size):
        yield block


def peek(blocks: Iterator[Block], length: int) -> tuple[bytes, Iterator[Block]]:
    """Look at the first length bytes (fewer at the end); give them and the whole stream."""
    seen: list[Block] = []
    have = 0
    while have < length:
        block = next(blocks, None)
        if block is None:
            break
        seen.append(block)
        have += len(block)
    head = bytes(seen[0][:length]) if len(seen) == 1 else b"".join(seen)[:length]
    return head, _chain(seen, blocks)


def _chain(first: list[Block], rest: Iterator[Block]) -> Iterator[Block]:
    yield from first
    first.clear()
    yield from rest


class Ahead:
    """Runs a stream in a thread of its own and hands its blocks over in order.

    Errors in the stream are raised where it is read. Close it (or use `with`): the thread
    then ends at its next block.
    """

    def __init__(self, blocks: Iterable[Block], name: str) -> None:
        self._queue: queue.Queue[Block | None] = queue.Queue(DEPTH)
        self._blocks = blocks
        self._error: BaseException | None = None
        self._closed = False
        self._done = False
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            for block in self._blocks:
                if self._closed:
                    return
                self._queue.put(block)
        except BaseException as error:  # noqa: BLE001 - carried over and raised by the reader
            self._error = error
        finally:
            self._queue.put(None)

    def __iter__(self) -> "Ahead":
        return self

    def __next__(self) -> Block:
        block = None if self._done else self._queue.get()
        if block is None:
            self._done = True
            if self._error is not None:
                raise self._error
            raise StopIteration
        return block

    def __enter__(self) -> "Ahead":
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def close(self) -> None:
        """Stop the thread and wait for it."""
        self._closed = True
        while not self._done:
            self._done = self._queue.get() is None
        self._thread.join()


class Hashed:
    """A stream that is hashed while it passes, in a thread once it is long.

    digest() after the last block; close() if it never comes to that.
    """

    def __init__(self, blocks: Iterable[Block]) -> None:
        self._blocks = iter(blocks)
        self._hash = hashlib.sha256()
        self._queue: queue.Queue[Block | None] | None = None
        self._thread: threading.Thread | None = None
        self.size = 0

    def __iter__(self) -> "Hashed":
        return self

    def __next__(self) -> Block:
        block = next(self._blocks)
        self.size += len(block)
        if self._queue is not None:
            self._queue.put(block)
        elif self.size > INLINE:
            self._start().put(block)
        else:
            self._hash.update(block)
        return block

    def __enter__(self) -> "Hashed":
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def _start(self) -> queue.Queue[Block | None]:
        waiting: queue.Queue[Block | None] = queue.Queue(DEPTH * 2)

        def run() -> None:
            while (block := waiting.get()) is not None:
                self._hash.update(block)

        self._queue = waiting
        self._thread = threading.Thread(target=run, name="sampan-hash", daemon=True)
        self._thread.start()
        return waiting

    def drain(self) -> None:
        """Read to the end of the stream."""
        for _ in self:
            pass

    def digest(self) -> str:
        """Digest of everything that passed, as `sha256:<hex>`."""
        self.close()
        return f"sha256:{self._hash.hexdigest()}"

    def close(self) -> None:
        """End the thread; what passed stays hashed."""
        if self._queue is not None and self._thread is not None:
            self._queue.put(None)
            self._thread.join()
            self._queue = None
            self._thread = None
