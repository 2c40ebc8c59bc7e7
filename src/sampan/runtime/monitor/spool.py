"""What a slow reader has not taken yet, in a file without a name.

First in, first out. The file dies with the process, because no directory points at it.
"""

import errno
import os

# Then the container waits for its reader: no output is ever dropped.
LIMIT = 1 << 30


class Spool:
    """A queue of bytes on disk."""

    __slots__ = ("_directory", "_fd", "_read", "_written")

    def __init__(self, directory: str) -> None:
        self._directory = directory
        self._fd = -1
        self._read = 0
        self._written = 0

    def __len__(self) -> int:
        return self._written - self._read

    @property
    def full(self) -> bool:
        """Whether no more should be put in."""
        return self._written >= LIMIT

    def put(self, data: bytes) -> None:
        """Append; OSError when the disk refuses."""
        if self._fd < 0:
            self._fd = _open_nameless(self._directory)
        view = memoryview(data)
        while view:
            count = os.pwrite(self._fd, view, self._written)
            self._written += count
            view = view[count:]

    def take(self, size: int) -> bytes:
        """Remove and return up to size bytes from the front."""
        data = os.pread(self._fd, min(size, len(self)), self._read)
        self._read += len(data)
        if not len(self):
            os.ftruncate(self._fd, 0)
            self._read = self._written = 0
        return data

    def close(self) -> None:
        """Forget everything."""
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1


def _open_nameless(directory: str) -> int:
    flags = os.O_RDWR | os.O_CLOEXEC
    try:
        return os.open(directory, flags | os.O_TMPFILE, 0o600)
    except OSError as error:
        # Not every file system can (open(2), O_TMPFILE).
        if error.errno not in {errno.EOPNOTSUPP, errno.EISDIR, errno.ENOENT}:
            raise
    path = f"{directory}/.spool-{os.getpid()}-{os.urandom(4).hex()}"
    fd = os.open(path, flags | os.O_CREAT | os.O_EXCL, 0o600)
    os.unlink(path)
    return fd
