"""`save`: images as an archive that Docker, skopeo and containerd read.

    blobs/sha256/<hex>      configs, layers (plain tars, as they came), manifests
    index.json, oci-layout  the same as an OCI layout (image-spec, image-layout.md)
    manifest.json           docker-archive, which points at the same blobs
    repositories            what Docker read before 1.10

As Docker 25 and later write it. Reproducible: times are those of the images.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from sampan.base import clock
from sampan.errors import NotFound
from sampan.images.image import Image
from sampan.images.list_ import created
from sampan.images.shelf import Shelf
from sampan.oci import digest, media, reference
from sampan.oci.reference import Reference
from sampan.storage.pipeline import Ahead
from sampan.storage.tar import header, writer
from sampan.storage.tar.header import Entry

BLOBS = "blobs/sha256/"


class _Chosen:
    """One image to write, with the names it goes by."""

    def __init__(self, image: Image) -> None:
        self.image = image
        self.names: list[Reference] = []


def save(shelf: Shelf, refs: Sequence[str]) -> Iterator[bytes]:
    """Find the images now, and yield their archive."""
    chosen: dict[str, _Chosen] = {}
    for text in refs:
        for name, image in _named(shelf, text):
            one = chosen.setdefault(image.id, _Chosen(image))
            if name is not None and name not in one.names:
                one.names.append(name)
    return _ahead(_archive(shelf, list(chosen.values())))


def _ahead(blocks: Iterator[bytes]) -> Iterator[bytes]:
    """Read files in a thread while the caller passes on what was read before."""
    with Ahead(blocks, "sampan-save") as ahead:
        for block in ahead:
            yield bytes(block)


def _named(shelf: Shelf, text: str) -> Iterator[tuple[Reference | None, Image]]:
    """Images that text means: a name without a tag means all its tags."""
    identity = _find(shelf, text)
    if identity is not None and shelf.is_id(text, identity):
        yield None, shelf.image(identity)
        return
    wanted = reference.parse(text)
    if wanted.digest:
        yield None, shelf.resolve(text)
    elif wanted.tag:
        yield wanted, shelf.resolve(text)
    else:
        start = f"{wanted.name}:"
        tagged = {k: v for k, v in shelf.references.all().items() if k.startswith(start)}
        if not tagged:
            raise NotFound("image", wanted.tagged().familiar)
        for name, of in sorted(tagged.items()):
            yield reference.parse(name), shelf.image(of)


def _find(shelf: Shelf, text: str) -> str | None:
    try:
        return shelf.find(text)
    except NotFound:
        return None


def _archive(shelf: Shelf, chosen: list[_Chosen]) -> Iterator[bytes]:
    latest = max((created(one.image) for one in chosen), default=0)
    yield writer.head(_entry("blobs/", latest, kind=header.DIRECTORY))
    yield writer.head(_entry(BLOBS, latest, kind=header.DIRECTORY))
    written: set[str] = set()
    described = []
    for one in chosen:
        config = shelf.rows.config(one.image.id)
        layers = _layers(shelf, one.image)
        manifest = _manifest(config, layers)
        described.append((one, manifest, layers))
        when = created(one.image)
        for blob in (config, manifest):
            if (name := digest.of(blob)) not in written:
                written.add(name)
                yield _file(BLOBS + digest.hex_of(name), blob, when)
        for chain, layer in zip(_chains(one.image), layers, strict=True):
            if layer["digest"] not in written:
                written.add(layer["digest"])
                size = layer["size"]
                name = BLOBS + digest.hex_of(layer["digest"])
                yield writer.head(_entry(name, when, size=size))
                yield from shelf.snapshots.tar(chain)
                yield writer.padding(size)
    for name, document in _documents(described).items():
        yield _file(name, msgspec.json.encode(document), 0)
    yield writer.END


def _chains(image: Image) -> list[str]:
    return digest.chain_ids(image.diff_ids)


def _layers(shelf: Shelf, image: Image) -> list[dict[str, Any]]:
    """Descriptors of the layers as they are written: plain tars."""
    return [
        {"mediaType": media.LAYER, "digest": diff_id, "size": shelf.snapshots.tar_size(chain)}
        for diff_id, chain in zip(image.diff_ids, _chains(image), strict=True)
    ]


def _manifest(config: bytes, layers: list[dict[str, Any]]) -> bytes:
    return msgspec.json.encode(
        {
            "schemaVersion": 2,
            "mediaType": media.MANIFEST,
            "config": {
                "mediaType": media.CONFIG,
                "digest": digest.of(config),
                "size": len(config),
            },
            "layers": layers,
        }
    )


def _documents(
    described: list[tuple[_Chosen, bytes, list[dict[str, Any]]]],
) -> dict[str, dict[str, Any] | list[dict[str, Any]]]:
    """The files that say what is in the archive."""
    index: list[dict[str, Any]] = []
    items: list[dict[str, Any]] = []
    repositories: dict[str, dict[str, str]] = {}
    for one, manifest, layers in described:
        descriptor = {
            "mediaType": media.MANIFEST,
            "digest": digest.of(manifest),
            "size": len(manifest),
        }
        index += [{**descriptor, "annotations": _annotations(name)} for name in one.names]
        if not one.names:
            index.append(descriptor)
        for name in one.names:
            if layers:
                top = digest.hex_of(layers[-1]["digest"])
                repositories.setdefault(name.familiar_name, {})[name.tag] = top
        items.append(
            {
                "Config": BLOBS + digest.hex_of(one.image.id),
                "RepoTags": [name.familiar for name in one.names] or None,
                "Layers": [BLOBS + digest.hex_of(layer["digest"]) for layer in layers],
                "LayerSources": {layer["digest"]: layer for layer in layers},
            }
        )
    documents: dict[str, dict[str, Any] | list[dict[str, Any]]] = {
        "index.json": {"schemaVersion": 2, "mediaType": media.INDEX, "manifests": index},
        "manifest.json": items,
        "oci-layout": {"imageLayoutVersion": "1.0.0"},
    }
    if repositories:
        documents["repositories"] = repositories
    return documents


def _annotations(name: Reference) -> dict[str, str]:
    return {
        "io.containerd.image.name": str(name),
        "org.opencontainers.image.ref.name": name.tag,
    }


def _entry(name: str, when: int, *, kind: str = header.REGULAR, size: int = 0) -> Entry:
    entry = Entry(name, kind, mode=0o755 if kind == header.DIRECTORY else 0o644, size=size)
    entry.mtime_ns = max(when, 0) // clock.NANO * clock.NANO
    return entry


def _file(name: str, data: bytes, when: int) -> bytes:
    return writer.head(_entry(name, when, size=len(data))) + data + writer.padding(len(data))
