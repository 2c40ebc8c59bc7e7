"""Layers and snapshots as whole copies: works on every file system, and takes its room and time.

For data roots where overlay cannot have its upper directory (one that is itself on an overlay,
network file systems). A layer is its parent's tree, shared file by file through hard links, with
its own tar applied; a snapshot is a true copy.
"""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from sampan.errors import NotFound
from sampan.storage import copying, tree
from sampan.storage.driver import Change, Mount
from sampan.storage.drivers import layer_files
from sampan.storage.drivers.layer_files import DIFF, Layer
from sampan.storage.drivers.unpack import unpack
from sampan.storage.drivers.unpacked import UnpackedLayers
from sampan.storage.pipeline import Block, Hashed, read_blocks
from sampan.storage.tar import compare, diff
from sampan.storage.tar.reader import Reader
from sampan.storage.tar.source import Source
from sampan.storage.tar.whiteouts import PlainWhiteouts

ROOT = "root"
SPOOL = "layer.tar"


class Vfs(UnpackedLayers):
    """The driver."""

    name = "vfs"

    # Layers

    def stage(self, blocks: Iterable[Block]) -> "StagedLayer":
        """Keep the tar aside: it can only be applied when its parent is known."""
        path = self._stage_directory()
        try:
            with open(f"{path}/{SPOOL}", "wb", buffering=0) as spool, Hashed(blocks) as hashed:
                for block in hashed:
                    spool.write(block)
                digest = hashed.digest()
            return StagedLayer(self, path, digest, _content(f"{path}/{SPOOL}"))
        except BaseException:
            tree.remove(path)
            raise

    def place(self, path: str, chain: str, parent: str | None) -> None:
        """Apply a tar over its parent's tree."""
        if self.has_layer(chain):
            self.forget(path)
            return
        try:
            if parent is not None:
                self._layer(parent)
                copying.copy_tree(f"{self._directory(parent)}/{DIFF}", f"{path}/{DIFF}", link=True)
            with open(f"{path}/{SPOOL}", "rb", buffering=0) as spool:
                unpacked = unpack(path, read_blocks(spool), PlainWhiteouts())
            os.unlink(f"{path}/{SPOOL}")
        except BaseException:
            tree.remove(path)
            raise
        layer = Layer(
            parent=parent,
            diff_id=unpacked.diff_id,
            size=unpacked.size,
            tar_size=unpacked.tar_size,
            boot=layer_files.boot_id(),
        )
        if not self._place(path, chain, layer):
            tree.remove(path)

    # Snapshots

    def _fill(self, directory: str, chain: str | None) -> None:
        os.mkdir(f"{directory}/{ROOT}", 0o755)
        if chain is None:
            os.chmod(f"{directory}/{ROOT}", 0o755)
        else:
            copying.copy_tree(
                f"{self._directory(chain)}/{DIFF}", f"{directory}/{ROOT}", link=False
            )

    def mounts(self, key: str) -> list[Mount]:
        """One bind mount of the copy."""
        if key not in self._chains:
            raise NotFound("snapshot", key)
        return [Mount("bind", f"{self._snapshots}/{key}/{ROOT}", "", ["bind", "rw"])]

    def view(self, chain: str) -> list[Mount]:
        """One read-only bind mount of the layer."""
        self._layer(chain)
        return [Mount("bind", f"{self._directory(chain)}/{DIFF}", "", ["bind", "ro"])]

    @contextmanager
    def _both(self, key: str) -> Iterator[tuple[int, int | None]]:
        chain = self.chain_of(key)
        root = tree.open_directory(f"{self._snapshots}/{key}/{ROOT}")
        try:
            if chain is None:
                yield root, None
                return
            lower = tree.open_directory(f"{self._directory(chain)}/{DIFF}")
            try:
                yield root, lower
            finally:
                os.close(lower)
        finally:
            os.close(root)

    def changes(self, key: str) -> list[Change]:
        """What differs from the parent chain."""
        with self._both(key) as (root, lower):
            return diff.changes(compare.walk(root, lower))

    def diff(self, key: str) -> Iterator[bytes]:
        """Yield the difference as a layer tar."""
        with self._both(key) as (root, lower):
            yield from diff.blocks(compare.walk(root, lower))

    def usage(self, key: str) -> int:
        """Bytes that the copy has beyond what it was copied from."""
        with self._both(key) as (root, lower):
            return sum(
                item.status.st_size
                for item in compare.walk(root, lower)
                if isinstance(item, diff.Found) and item.status.st_mode & 0o170000 == 0o100000
            )


class StagedLayer:
    """A layer's tar, kept aside."""

    def __init__(self, driver: Vfs, path: str, diff_id: str, size: int) -> None:
        self._driver = driver
        self._path = path
        self.diff_id = diff_id
        self.size = size

    def commit(self, chain: str, parent: str | None) -> None:
        """Give it its place."""
        self._driver.place(self._path, chain, parent)

    def abort(self) -> None:
        """Remove it; nothing is there after a commit."""
        self._driver.forget(self._path)


def _content(path: str) -> int:
    """Bytes of file content in a tar; reads it to its end, so a broken one is found now."""
    with open(path, "rb", buffering=0) as spool:
        return sum(entry.size for entry in Reader(Source(read_blocks(spool))))
