"""The files of one log, opened together, oldest first. Knows names and gzip, not records."""

import gzip
import os
import shutil
import tempfile
from typing import BinaryIO

from sampan.logs.compression import HEADER, origin

# A rotation while the files are being opened makes the set inconsistent; several in a row
# within microseconds do not happen.
ATTEMPTS = 5


class Source:
    """One opened file of a log, unpacked when somebody wants to read it."""

    def __init__(self, path: str) -> None:
        """Open; FileNotFoundError when it is not there."""
        self._file: BinaryIO = open(path, "rb", buffering=0)  # noqa: SIM115 - closed by close()
        self.inode = os.fstat(self._file.fileno()).st_ino
        self._packed = path.endswith(".gz")

    def fileno(self) -> int:
        """Return a descriptor of the plain bytes."""
        if self._packed:
            self._unpack()
        return self._file.fileno()

    def size(self) -> int:
        """Return how many plain bytes there are now."""
        return os.fstat(self.fileno()).st_size

    def came_from(self, plain: "Source") -> bool:
        """Whether this is the file opened as `plain`, by now perhaps compressed."""
        if not self._packed:
            return self.inode == plain.inode
        comment = os.pread(self._file.fileno(), 80, len(HEADER)).partition(b"\0")[0]
        return comment == origin(os.fstat(plain.fileno()))

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
        sources, complete = _open_once(path)
        if complete and (not sources or sources[-1].inode == _inode(path)):
            return sources
        close_sources(sources)
    return _open_once(path)[0]


def close_sources(sources: list[Source]) -> None:
    """Close all of them."""
    for source in sources:
        source.close()


def rotated(path: str, source: Source) -> bool:
    """Whether a newer file has taken the place of the one opened as source."""
    return _inode(path) not in (0, source.inode)


def _open_once(path: str) -> tuple[list[Source], bool]:
    """Open what is listed; say whether all of it was still there."""
    sources: list[Source] = []
    complete = True
    # Newest first: a file that steps aside meanwhile is met twice rather than never.
    for name in (path, *_predecessors(path)):
        try:
            source = Source(name)
        except FileNotFoundError:
            complete = complete and name == path
            continue
        if source.inode in [other.inode for other in sources]:
            source.close()
            continue
        sources.append(source)
    sources.reverse()
    return sources, complete


def _predecessors(path: str) -> list[str]:
    directory, base = os.path.split(path)
    try:
        names = sorted(os.listdir(directory or "."), reverse=True)
    except FileNotFoundError:
        return []
    found: dict[int, str] = {}
    for name in names:
        number = name[len(base) + 1 :].removesuffix(".gz")
        if name.startswith(f"{base}.") and number.isdecimal():
            # Just compressed, both are there: the plain one sorts before the other.
            found[int(number)] = name
    return [os.path.join(directory, found[number]) for number in sorted(found)]


def _inode(path: str) -> int:
    try:
        return os.stat(path).st_ino
    except FileNotFoundError:
        return 0
