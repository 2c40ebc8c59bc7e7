"""What drivers that unpack layers into directories have in common.

    layers/<driver>/<hex>/          see sampan.storage.drivers.layer_files
    snapshots/<driver>/<key>/       chain-<hex> (what it stands on); the rest is the driver's

The lock holds layers and snapshots together: a layer with a snapshot on it cannot be removed.
"""

import logging
import os
import threading
from collections.abc import Iterator

from sampan.base.data_root import DataRoot
from sampan.errors import Conflict, NotFound
from sampan.linux.syncfs import syncfs
from sampan.storage import tree
from sampan.storage.drivers import layer_files
from sampan.storage.drivers.layer_files import DIFF, STAGE, Layer
from sampan.storage.drivers.removal import Remover
from sampan.storage.tar import split

log = logging.getLogger(__name__)

# A snapshot notes its chain in the name of an empty directory: names are in the journal of the
# file system, while the content of a file may be lost in a power cut unless it is synced, which
# would take longer than all the rest of making a container.
CHAIN = "chain-"

# The kernel writes dirty pages out after 30 seconds (vm.dirty_expire_centisecs).
SETTLE_AFTER = 60.0


class UnpackedLayers:
    """Layers and snapshots of one driver."""

    name = ""

    def __init__(self, data_root: DataRoot) -> None:
        self._layers = f"{data_root.layers}/{self.name}"
        self._snapshots = f"{data_root.snapshots}/{self.name}"
        for path in (self._layers, self._snapshots):
            os.makedirs(path, 0o711, exist_ok=True)
            layer_files.sweep(path)
        self._lock = threading.RLock()
        self._remover = Remover()
        self._timer: threading.Timer | None = None
        self._known = layer_files.load(self._layers)
        self._chains = self._noted_chains()

    # Layers

    def _layer(self, chain: str) -> Layer:
        try:
            return self._known[chain]
        except KeyError:
            raise NotFound("layer", chain) from None

    def _directory(self, chain: str) -> str:
        return f"{self._layers}/{layer_files.hex_of(chain)}"

    def _stage_directory(self) -> str:
        """Make an empty directory for one layer; return its path."""
        path = f"{self._layers}/{STAGE}{os.urandom(6).hex()}"
        os.mkdir(path, 0o700)
        os.mkdir(f"{path}/{DIFF}", 0o755)
        os.chmod(f"{path}/{DIFF}", 0o755)  # whatever the umask
        return path

    def _place(self, path: str, chain: str, layer: Layer) -> bool:
        """Rename a finished layer into place; False when there is one already."""
        with self._lock:
            if chain in self._known:
                return False
            layer_files.write(path, layer)
            os.rename(path, self._directory(chain))
            self._known[chain] = layer
        self._settle_later()
        return True

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

    def layers(self) -> list[str]:
        """Chain ids of all layers."""
        return list(self._known)

    def remove_layer(self, chain: str) -> None:
        """Remove a layer."""
        with self._lock:
            layer = self._known.get(chain)
            if layer is None:
                return
            if any(other.parent == chain for other in self._known.values()):
                raise Conflict(f"layer {chain} has layers above it")
            if chain in self._chains.values():
                raise Conflict(f"layer {chain} has a container on it")
            del self._known[chain]
            gone = layer_files.rename_away(self._layers, layer_files.hex_of(chain))
        self._removed(layer)
        self._remover.later(gone)

    def _removed(self, layer: Layer) -> None:
        """Remove what the driver has beside the layer's directory."""

    def unsettled(self) -> list[str]:
        """Layers made in an earlier boot, of which nobody knows whether they reached the disk."""
        boot = layer_files.boot_id()
        return [chain for chain, layer in self._known.items() if layer.boot not in {"", boot}]

    def settle(self) -> None:
        """Bring every layer to the disk, and remember that."""
        self.wait_idle()
        with self._lock:
            fresh = [chain for chain, layer in self._known.items() if layer.boot]
        if not fresh:
            return
        directory = tree.open_directory(self._layers)
        try:
            syncfs(directory)
        finally:
            os.close(directory)
        for chain in fresh:
            with self._lock:
                layer = self._known.get(chain)
                if layer is not None:
                    settled = layer_files.settled(layer)
                    layer_files.rewrite(self._directory(chain), settled)
                    self._known[chain] = settled

    def _settle_later(self) -> None:
        """Settle in the background, when the kernel has written most of it by itself."""
        with self._lock:
            if self._timer is None:
                self._timer = threading.Timer(SETTLE_AFTER, self._settle_now)
                self._timer.daemon = True
                self._timer.start()

    def _settle_now(self) -> None:
        with self._lock:
            self._timer = None
        try:
            self.settle()
        except OSError as error:
            log.warning("layers stay unsettled: %s", error)

    def wait_idle(self) -> None:
        """Wait until everything removed is off the disk."""
        self._remover.wait_idle()

    def forget(self, path: str) -> None:
        """Remove a directory that was being made; a missing one is fine."""
        self._remover.later(layer_files.rename_away(self._layers, os.path.basename(path)))

    # Snapshots

    def prepare(self, key: str, chain: str | None) -> None:
        """Make an empty snapshot."""
        with self._lock:
            if key in self._chains:
                raise Conflict(f"snapshot {key} is there already")
            if chain is not None:
                self._layer(chain)
            self._chains[key] = chain
        stage = f"{self._snapshots}/{STAGE}{os.urandom(6).hex()}"
        try:
            os.mkdir(stage, 0o710)
            os.mkdir(f"{stage}/{CHAIN}{layer_files.hex_of(chain) if chain else ''}", 0o700)
            self._fill(stage, chain)
            os.rename(stage, f"{self._snapshots}/{key}")
        except BaseException:
            with self._lock:
                del self._chains[key]
            tree.remove(stage)
            raise

    def _fill(self, directory: str, chain: str | None) -> None:
        """Make what a new snapshot consists of."""
        raise NotImplementedError

    def _noted_chains(self) -> dict[str, str | None]:
        """Read back what each snapshot stands on. One that does not say is left, and unusable."""
        chains: dict[str, str | None] = {}
        for key in os.listdir(self._snapshots):
            names = os.listdir(f"{self._snapshots}/{key}")
            noted = [name.removeprefix(CHAIN) for name in names if name.startswith(CHAIN)]
            if noted:
                chains[key] = f"sha256:{noted[0]}" if noted[0] else None
            else:
                log.warning("snapshot %s does not say which layers it stands on", key)
        return chains

    def chain_of(self, key: str) -> str | None:
        """The chain a snapshot stands on."""
        try:
            return self._chains[key]
        except KeyError:
            raise NotFound("snapshot", key) from None

    def remove(self, key: str) -> None:
        """Remove a snapshot."""
        with self._lock:
            gone = layer_files.rename_away(self._snapshots, key)
            self._chains.pop(key, None)
        self._remover.later(gone)

    def snapshots(self) -> list[str]:
        """Keys of all snapshots."""
        return list(self._chains)


def copy_attributes(origin: str, target: str) -> None:
    """Give a directory the owner, mode and time of another."""
    status = os.stat(origin)
    os.chown(target, status.st_uid, status.st_gid)
    os.chmod(target, status.st_mode & 0o7777)
    os.utime(target, ns=(status.st_mtime_ns, status.st_mtime_ns))
