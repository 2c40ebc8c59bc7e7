"""Layers as unpacked directories, snapshots as overlay mounts over them.

    layers/overlay/<hex>/           one layer (sampan.storage.drivers.layer_files)
    layers/l/<short>                link to its diff directory: see _LINKS
    snapshots/overlay/<key>/        chain (the chain id, a text file), upper/, work/

Options of every mount, beside the directories:
    index=off          with an index, an upper directory is bound to its first lower ones by file
                       handle, and mounting it again over a moved data root fails with ESTALE
    redirect_dir=off   a renamed directory would be a reference, which no layer tar can express:
                       rename(2) gives EXDEV instead, and mv copies
    metacopy=off       the same for chmod of a large file: the upper must hold whole files
(Documentation/filesystems/overlayfs.rst). Never `volatile`: it refuses a second mount.
"""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress

from sampan.base import files
from sampan.base.data_root import DataRoot
from sampan.errors import Conflict, InvalidRequest, NotFound
from sampan.storage import rootfs, tree
from sampan.storage.driver import Change, Mount
from sampan.storage.drivers import layer_files, staging
from sampan.storage.drivers.layer_files import DIFF, Layer
from sampan.storage.pipeline import Block
from sampan.storage.tar import diff, split
from sampan.storage.tar.whiteouts import OverlayWhiteouts

OPTIONS = ["index=off", "redirect_dir=off", "metacopy=off"]
# Name of the link to an empty directory: overlay wants two lower directories when there is no
# upper one, and one when the image is `scratch`.
EMPTY = "0"
# mount(2) takes one page of options; a link keeps each layer's share of it near 30 bytes, so that
# Docker's 128 layers fit also on kernels without `lowerdir+`.
_LINKS = "l"


class Overlay:
    """The driver."""

    name = "overlay"

    def __init__(self, data_root: DataRoot) -> None:
        self._layers = f"{data_root.layers}/{self.name}"
        self._links = f"{data_root.layers}/{_LINKS}"
        self._snapshots = f"{data_root.snapshots}/{self.name}"
        for path in (self._layers, self._links, self._snapshots):
            if set(path) & set(":,\\"):
                raise InvalidRequest(f"data root {data_root.path} may not contain , : or \\")
            os.makedirs(path, 0o711, exist_ok=True)
        self._known = self._start()

    def _start(self) -> dict[str, Layer]:
        """Clean up after a kill, and read which layers there are."""
        layer_files.sweep(self._layers)
        layer_files.sweep(self._snapshots)
        known = layer_files.load(self._layers)
        os.makedirs(f"{self._links}/{EMPTY}", 0o755, exist_ok=True)
        for name in os.listdir(self._links):
            if name != EMPTY and not os.path.exists(f"{self._links}/{name}/."):
                os.unlink(f"{self._links}/{name}")
        return known

    def _layer(self, chain: str) -> Layer:
        try:
            return self._known[chain]
        except KeyError:
            raise NotFound("layer", chain) from None

    def _directory(self, chain: str) -> str:
        return f"{self._layers}/{layer_files.hex_of(chain)}"

    # Layers

    def stage(self, blocks: Iterable[Block]) -> "StagedLayer":
        """Unpack a layer aside."""
        name = staging.make_directory(self._layers)
        unpacked = staging.unpack(self._layers, name, iter(blocks), OverlayWhiteouts())
        return StagedLayer(self, unpacked)

    def place(self, unpacked: staging.Unpacked, chain: str, parent: str | None) -> None:
        """Give an unpacked layer its name."""
        if chain in self._known:
            layer_files.discard(self._layers, unpacked.name)
            return
        if parent is not None:
            above = f"{self._directory(parent)}/{DIFF}" if self._layer(parent) else ""
            if not unpacked.names_root:
                _copy_attributes(above, f"{self._layers}/{unpacked.name}/{DIFF}")
        link = self._make_link(chain)
        layer = Layer(parent, unpacked.diff_id, unpacked.size, unpacked.tar_size, link)
        layer_files.write(f"{self._layers}/{unpacked.name}", layer)
        os.rename(f"{self._layers}/{unpacked.name}", self._directory(chain))
        self._known[chain] = layer

    def _make_link(self, chain: str) -> str:
        target = f"../{self.name}/{layer_files.hex_of(chain)}/{DIFF}"
        while True:
            name = os.urandom(3).hex()[:5]
            with suppress(FileExistsError):
                os.symlink(target, f"{self._links}/{name}")
                return name

    def discard(self, unpacked: staging.Unpacked) -> None:
        """Remove an unpacked layer that got no place."""
        layer_files.discard(self._layers, unpacked.name)

    def tar(self, chain: str) -> Iterator[bytes]:
        """Put the layer's tar together again."""
        self._layer(chain)
        directory = tree.open_directory(self._directory(chain))
        try:
            yield from split.assemble(directory, DIFF)
        finally:
            os.close(directory)

    def has_layer(self, chain: str) -> bool:
        """Whether the layer is there."""
        return chain in self._known

    def size(self, chain: str) -> int:
        """Bytes of file content in one layer."""
        return self._layer(chain).size

    def tar_size(self, chain: str) -> int:
        """Bytes of the layer's tar."""
        return self._layer(chain).tar_size

    def diff_id(self, chain: str) -> str:
        """Digest of the layer's tar."""
        return self._layer(chain).diff_id

    def parent(self, chain: str) -> str | None:
        """The chain that a layer stands on."""
        return self._layer(chain).parent

    def remove_layer(self, chain: str) -> None:
        """Remove a layer."""
        layer = self._known.get(chain)
        if layer is None:
            return
        if any(other.parent == chain for other in self._known.values()):
            raise Conflict(f"layer {chain} has layers above it")
        del self._known[chain]
        layer_files.discard(self._layers, layer_files.hex_of(chain))
        with suppress(FileNotFoundError):
            os.unlink(f"{self._links}/{layer.link}")

    def layers(self) -> list[str]:
        """Chain ids of all layers."""
        return list(self._known)

    # Snapshots

    def prepare(self, key: str, chain: str | None) -> None:
        """Make an empty snapshot."""
        final = f"{self._snapshots}/{key}"
        if os.path.exists(final):
            raise Conflict(f"snapshot {key} is there already")
        stage = f"{self._snapshots}/{layer_files.STAGE}{os.urandom(6).hex()}"
        os.mkdir(stage, 0o710)
        os.mkdir(f"{stage}/upper", 0o755)
        os.mkdir(f"{stage}/work", 0o700)
        if chain is not None:
            self._layer(chain)
            # The root directory of the mount takes its attributes from the upper one.
            _copy_attributes(f"{self._directory(chain)}/{DIFF}", f"{stage}/upper")
        files.write(f"{stage}/chain", chain or "", 0o600)
        os.rename(stage, final)

    def chain_of(self, key: str) -> str | None:
        """The chain a snapshot stands on."""
        try:
            return files.read(f"{self._snapshots}/{key}/chain").decode() or None
        except FileNotFoundError:
            raise NotFound("snapshot", key) from None

    def mounts(self, key: str) -> list[Mount]:
        """One overlay mount."""
        lower = self._lower(self.chain_of(key)) or [f"{self._links}/{EMPTY}"]
        here = f"{self._snapshots}/{key}"
        directories = [
            f"lowerdir={':'.join(lower)}", f"upperdir={here}/upper", f"workdir={here}/work"
        ]
        return [Mount("overlay", "overlay", "", directories + OPTIONS)]

    def view(self, chain: str) -> list[Mount]:
        """One overlay mount without an upper directory."""
        lower = [*self._lower(chain), f"{self._links}/{EMPTY}"]
        return [Mount("overlay", "overlay", "", ["ro", f"lowerdir={':'.join(lower)}", *OPTIONS])]

    def _lower(self, chain: str | None) -> list[str]:
        lower: list[str] = []
        while chain is not None:
            layer = self._layer(chain)
            lower.append(f"{self._links}/{layer.link}")
            chain = layer.parent
        return lower

    @contextmanager
    def _both(self, key: str) -> Iterator[tuple[int, int | None]]:
        """Open the upper directory, and a view of what is below it."""
        chain = self.chain_of(key)
        upper = tree.open_directory(f"{self._snapshots}/{key}/upper")
        try:
            if chain is None:
                yield upper, None
            else:
                with rootfs.opened(self.view(chain)) as lower:
                    yield upper, lower
        finally:
            os.close(upper)

    def changes(self, key: str) -> list[Change]:
        """What differs from the parent chain."""
        with self._both(key) as (upper, lower):
            return diff.changes(upper, lower)

    def diff(self, key: str) -> Iterator[bytes]:
        """Yield the difference as a layer tar."""
        with self._both(key) as (upper, lower):
            yield from diff.blocks(upper, lower)

    def usage(self, key: str) -> int:
        """Bytes in the upper directory."""
        return tree.usage(f"{self._snapshots}/{key}/upper")

    def remove(self, key: str) -> None:
        """Remove a snapshot."""
        layer_files.discard(self._snapshots, key)

    def snapshots(self) -> list[str]:
        """Keys of all snapshots."""
        return [name for name in os.listdir(self._snapshots) if not name.startswith(".")]


class StagedLayer:
    """A layer unpacked aside."""

    def __init__(self, driver: Overlay, unpacked: staging.Unpacked) -> None:
        self._driver = driver
        self._unpacked = unpacked
        self.diff_id = unpacked.diff_id
        self.size = unpacked.size

    def commit(self, chain: str, parent: str | None) -> None:
        """Give it its place."""
        self._driver.place(self._unpacked, chain, parent)

    def abort(self) -> None:
        """Remove it."""
        self._driver.discard(self._unpacked)


def _copy_attributes(origin: str, target: str) -> None:
    status = os.stat(origin)
    os.chown(target, status.st_uid, status.st_gid)
    os.chmod(target, status.st_mode & 0o7777)
    os.utime(target, ns=(status.st_mtime_ns, status.st_mtime_ns))
