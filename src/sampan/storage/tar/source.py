"""A stream of blocks, taken apart in pieces of any length; what is not file content is recorded.

Everything an archive holds besides file content (headers, padding, whatever trails it) goes to
`record`, so that the archive can be put together again bit for bit (sampan.storage.tar.split).
"""

import os
from collections.abc import Callable, Iterable, Iterator

from sampan.storage.pipeline import Block
from sampan.storage.tar.errors import TarError


def _ignore(_data: bytes) -> None:
    pass


class Source:
    """Reads pieces of a stream. `record` is given every byte that take() and skip() pass."""

    def __init__(
        self, blocks: Iterable[Block], record: Callable[[bytes], None] = _ignore
    ) -> None:
        self._blocks = iter(blocks)
        self._block = memoryview(b"")
        self._at = 0
        self.record = record

    def _more(self) -> bool:
        """Load the next block that is not empty; False at the end of the stream."""
        for block in self._blocks:
            if len(block):
                self._block = memoryview(block)
                self._at = 0
                return True
        return False

    def take(self, length: int) -> bytes:
        """Take exactly length bytes, or what is left at the end."""
        end = self._at + length
        if end <= len(self._block):
            data = bytes(self._block[self._at : end])
            self._at = end
        else:
            data = b"".join(self._pieces(length))
        self.record(data)
        return data

    def skip(self, length: int) -> None:
        """Pass over length bytes, recording them."""
        for piece in self.chunks(length):
            self.record(bytes(piece))

    def chunks(self, length: int) -> Iterator[memoryview]:
        """Yield exactly length bytes in pieces, not recorded; an error when they end early."""
        got = 0
        for piece in self._pieces(length):
            got += len(piece)
            yield piece
        if got < length:
            raise TarError("unexpected end of archive in the middle of an entry")

    def _pieces(self, length: int) -> Iterator[memoryview]:
        while length:
            have = len(self._block) - self._at
            if not have:
                if not self._more():
                    return
                continue
            piece = self._block[self._at : self._at + min(have, length)]
            self._at += len(piece)
            length -= len(piece)
            yield piece

    def pour(self, fd: int, length: int) -> None:
        """Write length bytes into a file."""
        end = self._at + length
        if end <= len(self._block):
            piece = self._block[self._at : end]
            self._at = end
            done = os.write(fd, piece)
            if done < length:
                _write_all(fd, piece[done:])
            return
        for piece in self.chunks(length):
            _write_all(fd, piece)

    def drain(self) -> None:
        """Record everything to the end of the stream."""
        while True:
            self.record(bytes(self._block[self._at :]))
            self._at = len(self._block)
            if not self._more():
                return


def _write_all(fd: int, piece: memoryview) -> None:
    while piece:
        piece = piece[os.write(fd, piece) :]
