"""What a snapshot driver promises. Read this before any driver.

Words
    layer      one applied image layer, named by its chain id (OCI image-spec, "Layer ChainID").
               Read-only, shared by images and containers.
    snapshot   the writable layer of one container, named by a key (the container id), over a chain.
    mounts     the mount calls that show a snapshot or a chain as one directory tree. The caller
               makes them, in a mount namespace of its own choice; a driver mounts nothing that
               outlives a call.
    diff       the difference between a snapshot and its parent chain, as a layer tar
               (OCI image-spec, layer.md: whiteouts, opaque directories).

Life
    stage(blocks)  ->  Staged      the tar is unpacked (or kept) aside; its diff id is now known
    staged.commit(chain, parent)   the layer exists; never half (renamed into place)
    tar(chain)                     the layer's tar again, bit for bit: for save and push
    prepare(key, chain)        ->  snapshot exists, empty
    mounts(key)                ->  [Mount]; any number of times, also after a crash
    changes(key), diff(key), usage(key)   read it, also while it is mounted
    remove(key), remove_layer(chain)           idempotent

Nothing above a driver may assume that a layer is a directory: a driver may mount the layer's
tar through a metadata image and never unpack it.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple, Protocol

from sampan.storage.pipeline import Block


class Mount(NamedTuple):
    """One mount call; JSON-able, and taken as it stands by sampan.runtime (task.json, rootfs)."""

    type: str
    source: str
    target: str  # "" is the root itself
    options: list[str]


class Staged(Protocol):
    """A layer that is there but has no place yet. Commit it or abort it."""

    diff_id: str  # sha256 of the uncompressed tar, "sha256:<hex>"
    size: int  # bytes of file content in it

    def commit(self, chain: str, parent: str | None) -> None:
        """Make it the layer `chain` over `parent`; one that is there already stays."""

    def abort(self) -> None:
        """Forget it. Fine after a commit."""


class Change(NamedTuple):
    """One changed path, as `docker diff` shows it."""

    path: str  # absolute inside the container
    kind: int  # 0 modified, 1 added, 2 deleted: the numbers of the Engine API


class SnapshotDriver(Protocol):
    """One way to keep layers and snapshots. Every method is synchronous and may be slow."""

    name: str

    def stage(self, blocks: Iterable[Block]) -> Staged:
        """Take an uncompressed layer tar from a hostile source, to its end."""

    def tar(self, chain: str) -> Iterator[bytes]:
        """Yield the layer's tar as it came."""

    def has_layer(self, chain: str) -> bool:
        """Whether the layer is there, whole."""

    def remove_layer(self, chain: str) -> None:
        """Remove a layer that no snapshot and no other layer stands on."""

    def size(self, chain: str) -> int:
        """Bytes of file content in one layer."""

    def tar_size(self, chain: str) -> int:
        """Bytes of the layer's tar."""

    def diff_id(self, chain: str) -> str:
        """Digest of the layer's tar."""

    def parent(self, chain: str) -> str | None:
        """The chain that a layer stands on."""

    def layers(self) -> list[str]:
        """Chain ids of all layers there."""

    def unsettled(self) -> list[str]:
        """Layers of an earlier boot that may not have reached the disk whole."""

    def settle(self) -> None:
        """Bring all layers to the disk and remember that; slow."""

    def prepare(self, key: str, chain: str | None) -> None:
        """Make an empty snapshot over a chain (None: over nothing)."""

    def mounts(self, key: str) -> list[Mount]:
        """Mount calls for the snapshot, writable."""

    def view(self, chain: str) -> list[Mount]:
        """Mount calls for a chain alone, read-only."""

    def changes(self, key: str) -> list[Change]:
        """What differs from the parent chain, sorted by path."""

    def diff(self, key: str) -> Iterator[bytes]:
        """Yield the difference as an uncompressed layer tar, reproducibly ordered."""

    def chain_of(self, key: str) -> str | None:
        """The chain a snapshot stands on."""

    def usage(self, key: str) -> int:
        """Bytes in the writable layer (SizeRw)."""

    def remove(self, key: str) -> None:
        """Remove a snapshot."""

    def snapshots(self) -> list[str]:
        """Keys of all snapshots there."""
