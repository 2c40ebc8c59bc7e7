"""Layers as unpacked directories, snapshots as overlay mounts over them.

    layers/overlay/<hex>/           one layer (sampan.storage.drivers.layer_files), and in init/
                                    what containers on it need (sampan.storage.drivers.init_layer)
    layers/l/<short>, <short>i      links to its diff and init directories: see _LINKS
    snapshots/overlay/<key>/        chain-<hex>, upper/, work/

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

from sampan.base.data_root import DataRoot
from sampan.errors import InvalidRequest
from sampan.storage import rootfs, tree
from sampan.storage.driver import Change, Mount
from sampan.storage.drivers import init_layer, layer_files
from sampan.storage.drivers.layer_files import DIFF, Layer
from sampan.storage.drivers.unpack import Unpacked, unpack
from sampan.storage.drivers.unpacked import UnpackedLayers, copy_attributes
from sampan.storage.pipeline import Block
from sampan.storage.tar import diff
from sampan.storage.tar.whiteouts import OverlayWhiteouts

OPTIONS = ["index=off", "redirect_dir=off", "metacopy=off"]
# Name of the link to an empty directory: overlay wants two lower directories when there is no
# upper one, and one when the image is `scratch`.
EMPTY = "0"
# mount(2) takes one page of options; a link keeps each layer's share of it near 30 bytes, so that
# Docker's 128 layers fit also on kernels without `lowerdir+`.
_LINKS = "l"
# Links to init layers end in this; that of `scratch` is in a directory of its own.
INIT_LINK = "i"
SCRATCH = ".scratch"


class Overlay(UnpackedLayers):
    """The driver."""

    name = "overlay"

    def __init__(self, data_root: DataRoot) -> None:
        if set(data_root.path) & set(":,\\"):
            raise InvalidRequest(f"data root {data_root.path} may not contain , : or \\")
        super().__init__(data_root)
        self._links = f"{data_root.layers}/{_LINKS}"
        os.makedirs(f"{self._links}/{EMPTY}", 0o755, exist_ok=True)
        self._sweep_links()

    def _sweep_links(self) -> None:
        """Remove links whose layer a kill kept from being made, or from going quite."""
        for name in os.listdir(self._links):
            if name != EMPTY and not os.path.exists(f"{self._links}/{name}"):
                os.unlink(f"{self._links}/{name}")

    # Layers

    def stage(self, blocks: Iterable[Block]) -> "StagedLayer":
        """Unpack a layer aside. Nothing of its parent is needed for that."""
        path = self._stage_directory()
        try:
            unpacked = unpack(path, blocks, OverlayWhiteouts())
        except BaseException:
            tree.remove(path)
            raise
        return StagedLayer(self, path, unpacked)

    def place(self, path: str, unpacked: Unpacked, chain: str, parent: str | None) -> None:
        """Give an unpacked layer its name."""
        if self.has_layer(chain):
            self.forget(path)
            return
        if parent is not None:
            self._layer(parent)
            if not unpacked.names_root:
                # A merged directory shows the attributes of its topmost part.
                copy_attributes(f"{self._directory(parent)}/{DIFF}", f"{path}/{DIFF}")
        link = self._make_link(chain)
        layer = Layer(
            parent=parent,
            diff_id=unpacked.diff_id,
            size=unpacked.size,
            tar_size=unpacked.tar_size,
            link=link,
            boot=layer_files.boot_id(),
        )
        if not self._place(path, chain, layer):
            os.unlink(f"{self._links}/{link}")
            self.forget(path)

    def _make_link(self, chain: str) -> str:
        target = f"../{self.name}/{layer_files.hex_of(chain)}/{DIFF}"
        while True:
            name = os.urandom(3).hex()[:5]
            with suppress(FileExistsError):
                os.symlink(target, f"{self._links}/{name}")
                return name

    def _removed(self, layer: Layer) -> None:
        for name in (layer.link, layer.link + INIT_LINK):
            with suppress(FileNotFoundError):
                os.unlink(f"{self._links}/{name}")

    # Snapshots

    def _init(self, chain: str | None) -> str:
        """The link to a chain's init layer, which is made when it is first needed."""
        link = self._layer(chain).link if chain else EMPTY
        path = f"{self._links}/{link}{INIT_LINK}"
        if not os.path.exists(path):
            with self._lock:
                if not os.path.exists(path):
                    self._make_init(chain, path)
        return path

    def _make_init(self, chain: str | None, link: str) -> None:
        name = layer_files.hex_of(chain) if chain else SCRATCH
        stage = f"{self._layers}/{layer_files.STAGE}{os.urandom(6).hex()}"
        os.makedirs(f"{self._layers}/{name}", 0o700, exist_ok=True)
        os.mkdir(stage, 0o700)
        try:
            self._make_upper(stage, chain)
            lower = self._lower(chain) or [f"{self._links}/{EMPTY}"]
            rootfs.view([_writable(lower, stage)], init_layer.make)
            final = f"{self._layers}/{name}/init"
            tree.remove(final)  # one without its link: a kill came between
            os.rename(f"{stage}/upper", final)
        finally:
            tree.remove(stage)
        with suppress(FileNotFoundError):
            os.unlink(link)
        os.symlink(f"../{self.name}/{name}/init", link)

    def _fill(self, directory: str, chain: str | None) -> None:
        self._init(chain)
        self._make_upper(directory, chain)

    def _make_upper(self, directory: str, chain: str | None) -> None:
        os.mkdir(f"{directory}/upper", 0o755)
        os.mkdir(f"{directory}/work", 0o700)
        if chain is None:
            os.chmod(f"{directory}/upper", 0o755)
        else:
            copy_attributes(f"{self._directory(chain)}/{DIFF}", f"{directory}/upper")

    def mounts(self, key: str) -> list[Mount]:
        """One overlay mount."""
        chain = self.chain_of(key)
        return [_writable([self._init(chain), *self._lower(chain)], f"{self._snapshots}/{key}")]

    def view(self, chain: str) -> list[Mount]:
        """One overlay mount without an upper directory."""
        return [self._read_only(self._lower(chain))]

    def _read_only(self, lower: list[str]) -> Mount:
        directories = ":".join([*lower, f"{self._links}/{EMPTY}"])
        return Mount("overlay", "overlay", "", ["ro", f"lowerdir={directories}", *OPTIONS])

    def _lower(self, chain: str | None) -> list[str]:
        lower: list[str] = []
        while chain is not None:
            layer = self._layer(chain)
            lower.append(f"{self._links}/{layer.link}")
            chain = layer.parent
        return lower

    @contextmanager
    def _both(self, key: str) -> Iterator[tuple[int, int]]:
        """Open the upper directory, and a view of what is below it."""
        chain = self.chain_of(key)
        below = self._read_only([self._init(chain), *self._lower(chain)])
        upper = tree.open_directory(f"{self._snapshots}/{key}/upper")
        try:
            with rootfs.opened([below]) as lower:
                yield upper, lower
        finally:
            os.close(upper)

    def changes(self, key: str) -> list[Change]:
        """What differs from the parent chain."""
        with self._both(key) as (upper, lower):
            return diff.changes(diff.walk_upper(upper, lower))

    def diff(self, key: str) -> Iterator[bytes]:
        """Yield the difference as a layer tar."""
        with self._both(key) as (upper, lower):
            yield from diff.blocks(diff.walk_upper(upper, lower))

    def usage(self, key: str) -> int:
        """Bytes in the upper directory."""
        return tree.usage(f"{self._snapshots}/{key}/upper")


def _writable(lower: list[str], place: str) -> Mount:
    directories = [
        f"lowerdir={':'.join(lower)}",
        f"upperdir={place}/upper",
        f"workdir={place}/work",
    ]
    return Mount("overlay", "overlay", "", directories + OPTIONS)


class StagedLayer:
    """A layer unpacked aside."""

    def __init__(self, driver: Overlay, path: str, unpacked: Unpacked) -> None:
        self._driver = driver
        self._path = path
        self._unpacked = unpacked
        self.diff_id = unpacked.diff_id
        self.size = unpacked.size

    def commit(self, chain: str, parent: str | None) -> None:
        """Give it its place."""
        self._driver.place(self._path, self._unpacked, chain, parent)

    def abort(self) -> None:
        """Remove it; nothing is there after a commit."""
        self._driver.forget(self._path)
