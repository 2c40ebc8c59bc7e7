"""Where images stand: their rows, their names, their layers; and what keeps a layer alive.

A layer lives as long as an image or a snapshot stands on it, directly or through layers above it.
That is asked of the state, never counted: nothing can be off by one after a crash. Layers are
made before the row that needs them and removed after it, so that a kill in between leaves only
layers that nobody needs (sampan.images.repair).

The lock covers the moments in which an image takes or lets go of layers. Unpacking, hashing and
writing archives happen outside of it.
"""

import threading
from collections.abc import Iterable
from functools import lru_cache

import msgspec

from sampan.base import clock
from sampan.errors import Conflict, InvalidRequest, NotFound
from sampan.images.image import Image
from sampan.oci import digest, reference
from sampan.oci.reference import Reference
from sampan.schema.container_config import HealthConfig
from sampan.state.database import Database
from sampan.state.images import ImageRow, ImageTable
from sampan.state.references import ReferenceTable
from sampan.storage.content import ContentStore
from sampan.storage.driver import SnapshotDriver, Staged

# Overlay takes 500 lower directories (OVL_MAX_STACK); Docker stops at 127 layers.
MAX_LAYERS = 256
# Parsed configs kept: what containers are started from again and again.
_PARSED = 32


class Shelf:
    """All images of one daemon."""

    def __init__(
        self, database: Database, content: ContentStore, snapshots: SnapshotDriver
    ) -> None:
        self.database = database
        self.content = content
        self.snapshots = snapshots
        self.rows = ImageTable(database)
        self.references = ReferenceTable(database)
        self.lock = threading.RLock()
        self._parsed = lru_cache(_PARSED)(self._parse)

    def _parse(self, identity: str) -> dict[str, object]:
        config: dict[str, object] = msgspec.json.decode(self.rows.config(identity))
        return config

    # Finding

    def image(self, identity: str) -> Image:
        """Return the image of a whole id."""
        row = self.rows.get(identity)
        if row is None:
            raise NotFound("image", identity)
        return Image(
            id=row.id,
            config=self._parsed(identity),
            diff_ids=row.diff_ids,
            chain=row.chain,
            size=row.size,
            created=row.created,
            references=self.references.of(identity),
            parent=row.parent if self.rows.get(row.parent) else "",
            tagged=row.tagged,
        )

    def resolve(self, text: str) -> Image:
        """Find an image by id, beginning of an id, name[:tag] or name@digest."""
        return self.image(self.find(text))

    def find(self, text: str) -> str:
        """Find the id of an image."""
        identity = text if text.startswith("sha256:") else f"sha256:{text}"
        if digest.is_digest(identity):
            if self.rows.get(identity) is None:
                raise NotFound("image", text)
            return identity
        if text.startswith("sha256:"):
            return self._by_prefix(text.removeprefix("sha256:"), text)
        wanted = reference.parse(text).tagged()
        found = self.references.image(str(wanted._replace(tag="") if wanted.digest else wanted))
        return found or self._by_prefix(text, wanted.familiar)

    def _by_prefix(self, prefix: str, shown: str) -> str:
        found = []
        if prefix and not set(prefix) - set("0123456789abcdef"):
            start = f"sha256:{prefix}"
            found = [row.id for row in self.rows if row.id.startswith(start)]
        if len(found) != 1:
            raise NotFound("image", shown)
        return found[0]

    def is_id(self, text: str, identity: str) -> bool:
        """Whether text, which found this image, is its id or the beginning of it."""
        return identity.startswith(text) or identity.removeprefix("sha256:").startswith(text)

    def children(self, identity: str) -> list[str]:
        """Images made from this one."""
        return [row.id for row in self.rows if row.parent == identity]

    # Taking in

    def put(
        self,
        config: bytes,
        staged: Iterable[Staged] = (),
        *,
        parent: str = "",
        names: Iterable[Reference] = (),
    ) -> str:
        """Keep an image: its layers that are not there yet, its config, its names."""
        described = read_config(config)
        ready = {layer.diff_id: layer for layer in staged}
        identity = digest.of(config)
        if len(described.diff_ids) > MAX_LAYERS:
            raise InvalidRequest(f"max depth exceeded: more than {MAX_LAYERS} layers")
        with self.lock:
            chain, size = self._place(described.diff_ids, ready)
            row = ImageRow(
                id=identity,
                chain=chain,
                diff_ids=described.diff_ids,
                size=size,
                created=described.created,
                parent=parent,
            )
            with self.database.transaction():
                self.rows.add(row, config)
                for name in names:
                    self.name(name, identity)
        return identity

    def _place(self, diff_ids: list[str], ready: dict[str, Staged]) -> tuple[str | None, int]:
        """Commit the layers of a chain; return its top and its size."""
        size = 0
        parent = None
        for diff_id, chain in zip(diff_ids, digest.chain_ids(diff_ids), strict=True):
            if not self.snapshots.has_layer(chain):
                layer = ready.pop(diff_id, None)
                if layer is None:
                    # Twice in one image (old builders made many empty layers), or over another
                    # parent in an image that is here.
                    layer = self._again(diff_id)
                layer.commit(chain, parent)
            size += self.snapshots.size(chain)
            parent = chain
        return parent, size

    def _again(self, diff_id: str) -> Staged:
        for chain in self.snapshots.layers():
            if self.snapshots.diff_id(chain) == diff_id:
                return self.snapshots.stage(self.snapshots.tar(chain))
        raise InvalidRequest(f"layer {diff_id} is missing")

    # Names

    def name(self, wanted: Reference, identity: str) -> str | None:
        """Let a name mean this image; return the id it meant before, if another."""
        before = self.references.image(str(wanted))
        if before == identity:
            return None
        row = self.rows.get(identity)
        if row is None:
            raise NotFound("image", identity)
        with self.database.transaction():
            self.references.set(str(wanted), identity)
            row.tagged = clock.now()
            self.rows.save(row)
        return before

    # Letting go

    def diff_ids(self, chain: str | None) -> list[str]:
        """Diff ids of a chain, bottom first."""
        found: list[str] = []
        while chain is not None:
            found.append(self.snapshots.diff_id(chain))
            chain = self.snapshots.parent(chain)
        return found[::-1]

    def drop(self, identity: str) -> list[str]:
        """Forget an image without names; return the layers that went with it, top first."""
        with self.lock:
            row = self.rows.get(identity)
            if row is None:
                return []
            with self.database.transaction():
                for name in self.references.of(identity):
                    self.references.delete(name)
                self.rows.delete(identity)
            return self.release(row.chain)

    def release(self, chain: str | None) -> list[str]:
        """Remove a chain's layers from the top as far as nothing stands on them."""
        gone: list[str] = []
        with self.lock:
            used = {row.chain for row in self.rows}
            while chain is not None and chain not in used and self.snapshots.has_layer(chain):
                parent = self.snapshots.parent(chain)
                try:
                    self.snapshots.remove_layer(chain)
                except Conflict:
                    break  # a layer or a container stands on it
                gone.append(chain)
                chain = parent
        return gone

    def sweep(self) -> list[str]:
        """Remove every layer that nothing stands on (a container may have been the last)."""
        with self.lock:
            gone: list[str] = []
            while more := [
                layer for chain in self.snapshots.layers() for layer in self.release(chain)
            ]:
                gone += more
            return gone


class Described(msgspec.Struct):
    """What is needed of a config to keep its image."""

    diff_ids: list[str]
    created: str


class _RootFs(msgspec.Struct):
    type: str = "layers"
    diff_ids: list[str] | None = None


class _Program(msgspec.Struct, rename="pascal"):
    """What containers take over from an image: it has to be of the kind they expect."""

    user: str | None = None
    env: list[str] | None = None
    cmd: list[str] | None = None
    entrypoint: list[str] | None = None
    shell: list[str] | None = None
    working_dir: str | None = None
    stop_signal: str | None = None
    labels: dict[str, str | None] | None = None
    volumes: dict[str, object] | None = None
    exposed_ports: dict[str, object] | None = None
    healthcheck: HealthConfig | None = None
    on_build: list[str] | None = None


class _Config(msgspec.Struct):
    config: _Program | None = None
    rootfs: _RootFs | None = None
    created: str | None = None


def read_config(config: bytes) -> Described:
    """Check a config from outside, and read what keeps its image together."""
    try:
        found = msgspec.json.decode(config, type=_Config)
    except (msgspec.MsgspecError, RecursionError) as error:
        raise InvalidRequest(f"invalid image JSON: {error}") from None
    if found.rootfs is None:
        raise InvalidRequest("invalid image JSON, no RootFS key")
    diff_ids = found.rootfs.diff_ids or []
    for diff_id in diff_ids:
        digest.hex_of(diff_id)
    return Described(diff_ids, found.created or "")
