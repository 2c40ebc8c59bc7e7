"""The read side of local's format: from binary records to runs."""

import os

from sampan.logs.entry import Run
from sampan.logs.local.record import FOOT, FRAME, HEAD, length_at, length_before, stream_at, time_at
from sampan.logs.stamps import Stamps


class LocalFormat:
    """See sampan.logs.filereader.Format."""

    def __init__(self) -> None:
        self._stamps = Stamps()

    def decode(self, data: bytes) -> tuple[list[Run], int]:
        """Take whole records apart."""
        runs: list[Run] = []
        at = 0
        while length := length_at(data, at):
            time = self._stamps.render(time_at(data, at)).decode()
            text = data[at + HEAD : at + length - FOOT]
            runs.append(Run(stream_at(data, at), time, text))
            at += length
        return runs, at

    def end(self, fd: int, size: int) -> int:
        """Return what is after the last whole record."""
        foot = int.from_bytes(os.pread(fd, 4, max(0, size - 4)), "big")
        length = FRAME + foot
        if length <= size and length_at(os.pread(fd, length, size - length), 0) == length:
            return size
        # A record is being written, or was left half: only reading from the start can tell.
        at = 0
        while length := self._length(fd, at):
            at += length
        return at

    def back(self, fd: int, end: int, length: int) -> int:
        """Return the start of a record."""
        start = max(0, end - length)
        data = os.pread(fd, end - start, start)
        at = len(data)
        while step := length_before(data, at):
            at -= step
        if at == len(data):
            # The record is longer than the block.
            return end - self._length_before(fd, end)
        return start + at

    def seek(self, fd: int, size: int, since: str) -> int:
        """Go back from the end, record by record."""
        at = self.end(fd, size)
        while at:
            length = self._length_before(fd, at)
            if not length:
                return 0
            head = os.pread(fd, HEAD, at - length)
            if self._stamps.render(time_at(head, 0)).decode() < since:
                return at
            at -= length
        return 0

    def _length(self, fd: int, at: int) -> int:
        head = os.pread(fd, HEAD, at)
        if len(head) < HEAD:
            return 0
        length = FRAME + int.from_bytes(head[-4:], "big")
        return length_at(os.pread(fd, length, at), 0)

    def _length_before(self, fd: int, end: int) -> int:
        foot = os.pread(fd, 4, end - 4)
        length = FRAME + int.from_bytes(foot, "big")
        return length if length <= end and self._length(fd, end - length) == length else end
