"""The write side of local: chunks in, binary records in a rotating file out."""

import time

from sampan.logs.lines import Lines
from sampan.logs.local.record import FRAME, HEAD, length_at, pack
from sampan.logs.rotation import RotatingFile
from sampan.logs.trouble import Trouble

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any


class LocalWriter:
    """See sampan.logs.driver.Writer."""

    __slots__ = ("_file", "_lines", "_trouble")

    def __init__(self, log: "Mapping[str, Any]") -> None:
        """Open the file, and cut off the record a killed writer may have left half."""
        self._lines = (Lines(), Lines())
        self._trouble = Trouble(log["path"])
        self._file = RotatingFile(
            log["path"],
            log.get("max_size", -1),
            log.get("max_file", 1),
            compress=bool(log.get("compress")),
        )
        whole = _whole(self._file)
        if whole < self._file.size:
            self._file.truncate(whole)

    def write(self, stream: int, data: bytes) -> None:
        """Take one chunk."""
        for block in self._lines[stream - 1].feed(data):
            self._put(stream, block)

    def flush(self) -> None:
        """Write what has no newline yet."""
        for stream in (1, 2):
            rest = self._lines[stream - 1].rest()
            if rest:
                self._put(stream, rest)

    def close(self) -> None:
        """Flush and close."""
        self.flush()
        self._file.close()

    def _put(self, stream: int, block: bytes) -> None:
        now = time.time_ns()
        try:
            while block and len(block) + FRAME > self._file.room():
                block = self._fill(stream, now, block)
            if block:
                self._file.append(pack(stream, now, block))
        except OSError as error:
            self._trouble.note(error, len(block))
        else:
            self._trouble.over()

    def _fill(self, stream: int, now: int, block: bytes) -> bytes:
        """Write as many whole lines as fit, rotate, and return the rest."""
        cut = block.rfind(b"\n", 0, max(0, self._file.room() - FRAME)) + 1
        if not cut and not self._file.size:
            # Longer than a whole file may be: it gets a file of its own.
            cut = block.find(b"\n") + 1 or len(block)
        if cut:
            self._file.append(pack(stream, now, block[:cut]))
        if cut < len(block):
            self._file.rotate()
        return block[cut:]


def _whole(file: RotatingFile) -> int:
    """Return where the last whole record ends: nearly always the end of the file."""
    if not file.size:
        return 0
    foot = int.from_bytes(file.tail(4), "big")
    start = file.size - FRAME - foot
    if start >= 0 and length_at(file.read(start, FRAME + foot), 0) == FRAME + foot:
        return file.size
    return _scan(file)


def _scan(file: RotatingFile) -> int:
    at = 0
    while True:
        head = file.read(at, HEAD)
        length = FRAME + int.from_bytes(head[HEAD - 4 :], "big") if len(head) == HEAD else 0
        if not length or length_at(file.read(at, length), 0) != length:
            return at
        at += length
