"""An archive of a client's, unpacked below a directory of a container's tree.

The names are put below that directory, and resolved from the root: a symlink in the way means
what it means inside the container.
"""

import os
import stat
from collections.abc import Callable

from sampan.engine.trees.paths import RESOLVE
from sampan.errors import InvalidRequest
from sampan.linux.openat2 import openat2
from sampan.storage import compression
from sampan.storage.pipeline import Reads, read_blocks
from sampan.storage.tar import header
from sampan.storage.tar.apply import Applier
from sampan.storage.tar.errors import TarError
from sampan.storage.tar.header import Entry
from sampan.storage.tar.names import clean
from sampan.storage.tar.reader import Reader
from sampan.storage.tar.source import Source

Owner = tuple[int, int]


class NoWhiteouts:
    """Deletions are for layers; in an upload their names are a mistake or an attack."""

    made: Callable[[str], None] | None = None

    def hide(self, dir_fd: int, path: str, name: str) -> None:
        """Refuse."""
        raise TarError(f"{path}: whiteouts have no meaning here")

    def opaque(self, dir_fd: int, path: str) -> None:
        """Refuse, unless a directory took the place of something else."""
        if path:
            raise TarError(f"{path}: whiteouts have no meaning here")


class Unpacker(Applier):
    """One upload being unpacked."""

    def __init__(
        self,
        root_fd: int,
        upload: Reads,
        place: str,
        *,
        owner: Owner | None = None,
        keep_kinds: bool = False,
    ) -> None:
        _, blocks = compression.plain(read_blocks(upload))
        super().__init__(root_fd, Reader(Source(blocks)), NoWhiteouts(), None)
        self._place = f"{place}/" if place else ""
        self._owner = owner
        self._keep_kinds = keep_kinds

    def _apply(self, entry: Entry) -> None:
        path = clean(entry.name)
        if self._keep_kinds and path:
            self._refuse_other_kind(entry, self._place + path)
        entry.name = self._place + path + ("/" if entry.type == header.DIRECTORY else "")
        if entry.type == header.HARDLINK:
            entry.linkname = self._place + clean(entry.linkname)
        if self._owner is not None:
            entry.uid, entry.gid = self._owner
        if not path and self._place:
            # "./" speaks of the place itself, which is there and keeps its owner and mode.
            return
        super()._apply(entry)

    def _refuse_other_kind(self, entry: Entry, path: str) -> None:
        """Refuse to put a file where a directory is, and the other way round."""
        above, _, name = path.rpartition("/")
        flags = os.O_RDONLY | os.O_DIRECTORY
        try:
            parent = openat2(self._root_fd, above or ".", flags, 0, RESOLVE)
        except OSError:
            return
        try:
            mode = os.stat(name, dir_fd=parent, follow_symlinks=False).st_mode
        except OSError:
            return
        finally:
            os.close(parent)
        is_directory = entry.type == header.DIRECTORY
        if stat.S_ISDIR(mode) and not is_directory:
            raise InvalidRequest(f'cannot overwrite directory "/{path}" with non-directory "/"')
        if not stat.S_ISDIR(mode) and is_directory:
            raise InvalidRequest(f'cannot overwrite non-directory "/{path}" with directory "/"')
