"""The write side of json-file: chunks in, JSON lines in a rotating file out."""

import time

from sampan.logs.jsonfile.encoder import Encoder
from sampan.logs.lines import Lines
from sampan.logs.rotation import RotatingFile
from sampan.logs.stamps import Stamps
from sampan.logs.trouble import Trouble

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any


class JsonFileWriter:
    """See sampan.logs.driver.Writer."""

    __slots__ = ("_encoders", "_file", "_lines", "_stamps", "_trouble")

    def __init__(self, log: "Mapping[str, Any]") -> None:
        """Open the file, and end the line a killed writer may have left open."""
        attrs = log.get("attrs")
        self._encoders = (Encoder(1, attrs), Encoder(2, attrs))
        self._lines = (Lines(), Lines())
        self._stamps = Stamps()
        self._trouble = Trouble(log["path"])
        self._file = RotatingFile(
            log["path"],
            log.get("max_size", -1),
            log.get("max_file", 1),
            compress=bool(log.get("compress")),
        )
        if self._file.size and self._file.tail(1) != b"\n":
            self._append(b"\n", 0)

    def write(self, stream: int, data: bytes) -> None:
        """Take one chunk."""
        blocks = self._lines[stream - 1].feed(data)
        if blocks:
            self._put(stream, blocks)

    def flush(self) -> None:
        """Write what has no newline yet."""
        for stream in (1, 2):
            rest = self._lines[stream - 1].rest()
            if rest:
                self._put(stream, [rest])

    def close(self) -> None:
        """Flush and close."""
        self.flush()
        self._file.close()

    def _put(self, stream: int, blocks: list[bytes]) -> None:
        now = self._stamps.render(time.time_ns())
        encode = self._encoders[stream - 1].encode
        for block in blocks:
            self._append(encode(block, now), len(block))

    def _append(self, lines: bytes, size: int) -> None:
        try:
            while lines and len(lines) > self._file.room():
                lines = self._fill(lines)
            self._file.append(lines)
        except OSError as error:
            self._trouble.note(error, size)
        else:
            self._trouble.over()

    def _fill(self, lines: bytes) -> bytes:
        """Write as many whole lines as fit, rotate, and return the rest."""
        cut = lines.rfind(b"\n", 0, max(0, self._file.room())) + 1
        if not cut and not self._file.size:
            # Longer than a whole file may be: it gets a file of its own.
            cut = lines.index(b"\n") + 1
        if cut:
            self._file.append(lines[:cut])
        if cut < len(lines):
            self._file.rotate()
        return lines[cut:]
