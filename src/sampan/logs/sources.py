"""The files of one log, opened together, oldest first. Knows names and gzip, not records."""

import gzip
import os
import shutil
import tempfile
from typing import BinaryIO

# A rotation while the files are being opened makes the set inconsistent; several in a row
# within microseconds do not happen.
ATTEMPTS = 5


class Source:
    """One opened file of a log, unpacked when somebody wants to read it."""

    def __init__(self, path: str) -> None:
        """Open; FileNotFoundError when it is not there."""
        self._file: BinaryIO = open(path, "rb", buffering=0)  # noqa: SIM115 - closed by close()
        status = os.fstat(self._file.fileno())
        self.inode = status.st_ino
        self.modified = status.st_mtime_ns
        self._packed = path.endswith(".gz")

    def fileno(self) -> int:
        """Return a descriptor of the plain bytes."""
        if self._packed:
            self._unpack()
        return self._file.fileno()

    def size(self) -> int:
        """Return how many plain bytes there are now."""
        return os.fstat(self.fileno()).st_size

    def refresh(self) -> None:
        """Look again at when it was written last."""
        self.modified = os.fstat(self._file.fileno()).st_mtime_ns

    def is_same(self, other: "Source") -> bool:
        """Whether both are the same part of the log, compressed or not.

        Compression keeps the time of the last write (sampan.logs.compression).
        """
        return self.inode == other.inode or self.modified == other.modified

    def close(self) -> None:
        """Close."""
        self._file.close()

    def _unpack(self) -> None:
        packed = self._file
        self._file = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115 - closed by close()
        self._packed = False
        with packed, gzip.GzipFile(fileobj=packed) as plain:
            try:
                shutil.copyfileobj(plain, self._file, 1 << 20)
            except (EOFError, gzip.BadGzipFile):
                # Half a file: what could be unpacked is shown.
                return


def open_sources(path: str) -> list[Source]:
    """Open all files of the log at path that are there, oldest first."""
    for _ in range(ATTEMPTS - 1):
        sources = _open_once(path)
        if not sources or sources[-1].inode == _inode(path):
            return sources
        close_sources(sources)
    return _open_once(path)


def close_sources(sources: list[Source]) -> None:
    """Close all of them."""
    for source in sources:
        source.close()


def rotated(path: str, source: Source) -> bool:
    """Whether a newer file has taken the place of the one opened as source."""
    return _inode(path) not in (0, source.inode)


def _open_once(path: str) -> list[Source]:
    # Newest first: a file that steps aside meanwhile is met twice rather than never.
    sources: list[Source] = []
    for name in (path, *_predecessors(path)):
        try:
            source = Source(name)
        except FileNotFoundError:
            continue
        if any(source.is_same(other) for other in sources):
            source.close()
            continue
        sources.append(source)
    sources.reverse()
    return sources


def _predecessors(path: str) -> list[str]:
    directory, base = os.path.split(path)
    found = []
    try:
        names = os.listdir(directory or ".")
    except FileNotFoundError:
        return []
    for name in names:
        if not name.startswith(f"{base}."):
            continue
        number = name[len(base) + 1 :].removesuffix(".gz")
        if number.isdecimal():
            found.append((int(number), name))
    return [os.path.join(directory, name) for _, name in sorted(found)]


def _inode(path: str) -> int:
    try:
        return os.stat(path).st_ino
    except FileNotFoundError:
        return 0
