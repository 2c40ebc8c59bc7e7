"""Directory trees as tar streams, by descriptor. Nothing here follows a symlink."""

import os
import stat
from collections.abc import Callable

from sampan.storage import tree
from sampan.storage.tar import header, writer
from sampan.storage.tar.header import Entry

FLUSH = 256 << 10

Put = Callable[[bytes], None]


class Packer:
    """One archive being written."""

    def __init__(self, put: Put) -> None:
        self._put = put
        self._buffer = bytearray()
        self._links: dict[tuple[int, int], str] = {}

    def tree(self, root_fd: int, prefix: str, covered: frozenset[str] = frozenset()) -> None:
        """Pack everything below a directory; names get the prefix.

        Places in `covered` are packed as empty: something else is mounted there.
        """
        hidden = ""
        for path, (dir_fd, name), status in tree.walk(".", root_fd):
            if hidden and path.startswith(hidden):
                continue
            hidden = ""
            if path in covered:
                hidden = f"{path}/"
            self.one(f"{prefix}{path}", dir_fd, name, status, empty=bool(hidden))

    def one(
        self, label: str, dir_fd: int, name: str, status: os.stat_result, *, empty: bool = False
    ) -> None:
        """Pack one file or directory under a label."""
        entry = writer.from_status(label, status)
        if entry is None:
            return
        if stat.S_ISLNK(status.st_mode):
            entry.linkname = os.readlink(name, dir_fd=dir_fd)
        elif status.st_nlink > 1 and not stat.S_ISDIR(status.st_mode):
            first = self._links.setdefault((status.st_dev, status.st_ino), label)
            if first != label:
                self._link(entry, first)
                return
        if stat.S_ISREG(status.st_mode):
            self._file(entry, dir_fd, name, empty=empty)
        else:
            self._write(writer.head(entry))

    def _link(self, entry: Entry, first: str) -> None:
        entry.type, entry.linkname = header.HARDLINK, first
        entry.size = entry.real_size = 0
        self._write(writer.head(entry))

    def _file(self, entry: Entry, dir_fd: int, name: str, *, empty: bool) -> None:
        # O_NONBLOCK: it may have become a FIFO since it was looked at.
        flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
        try:
            fd = os.open(name, flags, dir_fd=dir_fd)
        except OSError:
            return  # gone meanwhile
        try:
            status = os.fstat(fd)
            if not stat.S_ISREG(status.st_mode):
                return
            entry.size = entry.real_size = 0 if empty else status.st_size
            entry.xattrs = writer.kept_xattrs(fd)
            self._write(writer.head(entry))
            for block in writer.file_blocks(fd, entry.size):
                self._write(block)
        finally:
            os.close(fd)

    def _write(self, block: bytes) -> None:
        if len(block) >= FLUSH:
            self._flush()
            self._put(block)
            return
        self._buffer += block
        if len(self._buffer) >= FLUSH:
            self._flush()

    def _flush(self) -> None:
        if self._buffer:
            self._put(bytes(self._buffer))
            self._buffer.clear()

    def end(self) -> None:
        """Write the end of the archive."""
        self._write(writer.END)
        self._flush()
