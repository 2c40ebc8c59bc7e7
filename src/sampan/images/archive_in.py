"""Takes an image archive apart in one pass: layers are unpacked as they fly by.

Which layers belong to which image is only said at the end of an archive (manifest.json), or
anywhere (an OCI layout). So every member that is an archive itself is staged when it comes, and
every small document is kept; load.py puts them together.
"""

import posixpath
from collections.abc import Callable, Iterator

from sampan.errors import InvalidRequest
from sampan.storage import compression
from sampan.storage.driver import SnapshotDriver, Staged
from sampan.storage.pipeline import Ahead, Block, Hashed, peek
from sampan.storage.tar import header
from sampan.storage.tar.errors import TarError
from sampan.storage.tar.names import clean
from sampan.storage.tar.reader import Reader
from sampan.storage.tar.source import Source

MAX_DOCUMENT = 8 << 20
MAX_DOCUMENTS = 64 << 20
OVERHEAD = 512  # what a member costs in memory, however small
# Below this the progress of a layer is not worth a line.
REPORT = 4 << 20

Moved = Callable[[str, int, int], None]  # member, bytes so far, bytes in all


class Parts:
    """What an archive held."""

    def __init__(self) -> None:
        self.documents: dict[str, bytes] = {}
        self.layers: dict[str, Staged] = {}
        self.skipped: set[str] = set()  # layers that are here already
        self.links: dict[str, str] = {}
        self._size = 0

    def follow(self, name: str) -> str:
        """Where a member really is: old archives share layers by symlink."""
        for _ in range(len(self.links) + 1):
            if name not in self.links:
                return name
            name = self.links[name]
        raise InvalidRequest(f"invalid archive: {name} is a link to itself")

    def keep(self, name: str, data: bytes) -> None:
        """Keep a document, within bounds."""
        self._size += len(data) + OVERHEAD
        if len(data) > MAX_DOCUMENT or self._size > MAX_DOCUMENTS:
            raise InvalidRequest(f"invalid archive: {name} is too long")
        self.documents[name] = data

    def link(self, name: str, target: str) -> None:
        """Note a link, within the same bounds."""
        self._size += OVERHEAD
        if self._size > MAX_DOCUMENTS:
            raise InvalidRequest("invalid archive: too many links")
        self.links[name] = target

    def abort(self) -> None:
        """Remove layers that found no image."""
        for staged in self.layers.values():
            staged.abort()


def read(
    blocks: Iterator[Block],
    snapshots: SnapshotDriver,
    known: frozenset[str],
    moved: Moved,
) -> Parts:
    """Read an archive, compressed or not. `known` are the hex digits of diff ids we have."""
    kind, plain = compression.plain(blocks)
    parts = Parts()
    try:
        if kind:
            with Ahead(plain, "sampan-load") as ahead:
                _walk(iter(ahead), parts, snapshots, known, moved)
        else:
            _walk(plain, parts, snapshots, known, moved)
    except BaseException:
        parts.abort()
        raise
    return parts


def _walk(
    blocks: Iterator[Block],
    parts: Parts,
    snapshots: SnapshotDriver,
    known: frozenset[str],
    moved: Moved,
) -> None:
    reader = Reader(Source(blocks))
    for entry in reader:
        name = clean(entry.name)
        if entry.type == header.REGULAR:
            _member(name, entry.size, reader, parts, snapshots, known, moved)
        elif entry.type == header.SYMLINK:
            target = posixpath.join(posixpath.dirname(name), entry.linkname)
            parts.link(name, clean(target))
        elif entry.type == header.HARDLINK:
            parts.link(name, clean(entry.linkname))


def _member(
    name: str,
    size: int,
    reader: Reader,
    parts: Parts,
    snapshots: SnapshotDriver,
    known: frozenset[str],
    moved: Moved,
) -> None:
    if _digits(name) in known:
        parts.skipped.add(name)
        return
    head, data = peek(reader.chunks(), header.BLOCK)
    if not _is_layer(head):
        parts.keep(name, b"".join(data) if size <= MAX_DOCUMENT else bytes(MAX_DOCUMENT + 1))
        return
    counted = _count(data, name, size, moved) if size >= REPORT else data
    try:
        parts.layers[name] = _stage(name, counted, snapshots)
    except TarError as error:
        raise InvalidRequest(f"Error processing tar file: {name}: {error}") from error


def _digits(name: str) -> str:
    """The hex digits that a member of an archive is named by, if it is."""
    return name.rpartition("/")[2].removesuffix(".tar")


def _is_layer(head: bytes) -> bool:
    if compression.detect(head):
        return True
    if len(head) < header.BLOCK:
        return False
    try:
        header.parse(head)
    except TarError:
        return False
    return True


def _stage(name: str, data: Iterator[Block], snapshots: SnapshotDriver) -> Staged:
    """Stage one layer; a blob of an OCI layout must be what its name says."""
    digits = _digits(name) if name.startswith("blobs/sha256/") else ""
    head, data = peek(data, header.BLOCK)
    if not compression.detect(head):
        staged = snapshots.stage(data)
        _check(digits, staged, staged.diff_id)
        return staged
    with Hashed(data) as hashed:
        _kind, plain = compression.plain(hashed)
        with Ahead(plain, "sampan-inflate") as ahead:
            staged = snapshots.stage(ahead)
        hashed.drain()
        _check(digits, staged, hashed.digest())
    return staged


def _check(digits: str, staged: Staged, found: str) -> None:
    if digits and found != f"sha256:{digits}":
        staged.abort()
        raise InvalidRequest(f"invalid archive: blob sha256:{digits} is {found}")


def _count(data: Iterator[Block], name: str, size: int, moved: Moved) -> Iterator[Block]:
    done = reported = 0
    for block in data:
        yield block
        done += len(block)
        if done - reported >= REPORT or done == size:
            reported = done
            moved(name, done, size)
