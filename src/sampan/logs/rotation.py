"""The file a log is written to, and its predecessors. Knows bytes, not records.

    <path>          the newest
    <path>.1        the one before; <path>.1.gz once compressed
    <path>.2[.gz]   ...

Names as Docker's, so that what reads its log files reads ours. Everything here may raise
OSError; what that means for the container is the driver's business.
"""

import os

from sampan.logs.compression import Compression

MODE = 0o640


class RotatingFile:
    """An append-only file that steps aside when it is full."""

    __slots__ = ("_compress", "_compression", "_fd", "_max_file", "_max_size", "_path", "size")

    def __init__(self, path: str, max_size: int, max_file: int, *, compress: bool) -> None:
        """Open for appending; max_size -1 means never rotate."""
        self._path = path
        self._max_size = max_size
        self._max_file = max_file
        self._compress = compress
        self._compression = Compression()
        self._compression.sweep(path, max_file)
        self._open()

    def _open(self) -> None:
        # O_RDWR: a driver looks at the end of what an earlier writer left.
        flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC
        self._fd = os.open(self._path, flags, MODE)
        self.size = os.fstat(self._fd).st_size

    def room(self) -> int:
        """How many bytes still fit; a very large number when there is no limit."""
        return self._max_size - self.size if self._max_size >= 0 else 1 << 62

    def append(self, data: bytes) -> None:
        """Write all of data or none of it.

        A disk that fills up in the middle takes a part of the bytes; they are cut off again, so
        that the file always ends with a whole record.
        """
        try:
            written = os.write(self._fd, data)
            while written < len(data):
                written += os.write(self._fd, data[written:])
        except OSError:
            self._cut_back()
            raise
        self.size += len(data)

    def _cut_back(self) -> None:
        try:
            os.ftruncate(self._fd, self.size)
        except OSError:
            # The reader passes over what is not whole.
            self.size = os.fstat(self._fd).st_size

    def tail(self, length: int) -> bytes:
        """Return the last bytes of the file."""
        return os.pread(self._fd, length, max(0, self.size - length))

    def read(self, offset: int, length: int) -> bytes:
        """Return bytes from anywhere in the file."""
        return os.pread(self._fd, length, offset)

    def truncate(self, size: int) -> None:
        """Cut off what is after size."""
        os.ftruncate(self._fd, size)
        self.size = size

    def rotate(self) -> None:
        """Step aside and start anew."""
        self._compression.wait()
        if self._max_file < 2:
            # Not truncated: somebody may be reading it.
            _unlink(self._path)
        else:
            self._shift()
        full = self._fd
        self._open()
        os.close(full)
        if self._compress and self._max_file > 1:
            self._compression.start(f"{self._path}.1")

    def _shift(self) -> None:
        for extension in ("", ".gz"):
            _unlink(f"{self._path}.{self._max_file - 1}{extension}")
        for number in range(self._max_file - 2, 0, -1):
            for extension in ("", ".gz"):
                old = f"{self._path}.{number}{extension}"
                _rename(old, f"{self._path}.{number + 1}{extension}")
        _rename(self._path, f"{self._path}.1")

    def close(self) -> None:
        """Let go of the file; a compression under way is given up, not waited for."""
        self._compression.stop()
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1


def _unlink(path: str) -> None:
    try:
        os.unlink(path)
    except FileNotFoundError:
        return


def _rename(old: str, new: str) -> None:
    try:
        os.rename(old, new)
    except FileNotFoundError:
        return
