"""Which images an archive says it holds: manifest.json and OCI's index.json. Pure.

    docker-archive   manifest.json: [{Config, RepoTags, Layers}], paths into the archive
    OCI layout       index.json -> (index ->) manifest -> config and layers, all by digest
                     (image-spec, image-layout.md)

Where the members of the archive come from is not known here.
"""

from collections.abc import Iterator
from typing import NamedTuple, Protocol, TypeVar

import msgspec

from sampan.errors import InvalidRequest
from sampan.oci import digest, media, reference

T = TypeVar("T")

MAX_DEPTH = 8
# Where the whole name is: containerd's own annotation, before the specified one, which may hold
# just a tag.
NAME_ANNOTATIONS = ("io.containerd.image.name", "org.opencontainers.image.ref.name")


class Documents(Protocol):
    """The small members of an archive."""

    documents: dict[str, bytes]

    def follow(self, name: str) -> str:
        """Resolve a link."""


class Found(NamedTuple):
    """One image in an archive."""

    config: bytes
    layers: list[str]  # members of the archive, bottom first
    names: list[str]


class _Item(msgspec.Struct, rename="pascal"):
    config: str
    repo_tags: list[str] | None = None
    layers: list[str] | None = None


def from_manifest(parts: Documents) -> list[Found]:
    """Read manifest.json."""
    items = _decode(parts.documents["manifest.json"], list[_Item], "manifest.json")
    return [
        Found(_document(parts, item.config), item.layers or [], item.repo_tags or [])
        for item in items
    ]


class Descriptor(msgspec.Struct, rename="camel"):
    """A reference to a blob (image-spec, descriptor.md)."""

    media_type: str = ""
    digest: str = ""
    size: int = 0
    annotations: dict[str, str] | None = None
    platform: dict[str, object] | None = None


class _Node(msgspec.Struct, rename="camel"):
    """An index or a manifest: what tells them apart is which of the lists they have."""

    manifests: list[Descriptor] | None = None
    config: Descriptor | None = None
    layers: list[Descriptor] | None = None


def from_index(parts: Documents) -> list[Found]:
    """Read index.json and what it leads to."""
    index = _decode(parts.documents["index.json"], _Node, "index.json")
    found: dict[bytes, Found] = {}
    for descriptor in index.manifests or []:
        for image in _images(parts, descriptor, 0):
            names = _names(descriptor)
            known = found.setdefault(image.config, image)
            known.names.extend(name for name in names if name not in known.names)
    if not found:
        raise InvalidRequest("invalid archive: its index.json has no image for this platform")
    return list(found.values())


def _images(parts: Documents, descriptor: Descriptor, depth: int) -> Iterator[Found]:
    if depth > MAX_DEPTH:
        raise InvalidRequest("invalid archive: its indexes are nested too deeply")
    path = _blob(descriptor.digest)
    if path not in parts.documents:
        return  # an index may name platforms that were not exported
    node = _decode(parts.documents[path], _Node, path)
    for below in node.manifests or []:
        if media.runs_here(below.platform):
            yield from _images(parts, below, depth + 1)
    if node.config is not None and node.config.media_type in media.CONFIGS:
        config = _document(parts, _blob(node.config.digest))
        yield Found(config, [_blob(layer.digest) for layer in node.layers or []], [])


def _blob(name: str) -> str:
    return f"blobs/sha256/{digest.hex_of(name)}"


def _names(descriptor: Descriptor) -> list[str]:
    annotations = descriptor.annotations or {}
    for key in NAME_ANNOTATIONS:
        text = annotations.get(key, "")
        # "latest" alone is a tag without a name; skopeo writes whole names there.
        if ":" in text or "/" in text:
            return [str(reference.parse(text).tagged())]
    return []


def _document(parts: Documents, name: str) -> bytes:
    data = parts.documents.get(parts.follow(name))
    if data is None:
        raise InvalidRequest(f"invalid archive: {name} is missing")
    if name.startswith("blobs/sha256/") and digest.of(data) != f"sha256:{name[13:]}":
        raise InvalidRequest(f"invalid archive: blob sha256:{name[13:]} is {digest.of(data)}")
    return data


def _decode(data: bytes, kind: type[T], name: str) -> T:
    try:
        return msgspec.json.decode(data, type=kind)
    except (msgspec.MsgspecError, RecursionError) as error:
        raise InvalidRequest(f"invalid archive: {name}: {error}") from None
