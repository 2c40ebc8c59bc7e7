"""`load`: images out of an archive, as `docker save`, skopeo, buildx and others write them.

Understood: manifest.json (docker-archive), the older `repositories` with a json and a layer.tar
per layer, and OCI layouts (index.json, nested indexes). Compressed as a whole or layer by layer.
"""

from collections.abc import Iterator

import msgspec

from sampan.errors import InvalidRequest
from sampan.images import legacy, progress
from sampan.images.archive_in import Parts, read
from sampan.images.layout import Found, from_index, from_manifest
from sampan.images.progress import Document, Report
from sampan.images.shelf import Shelf, read_config
from sampan.oci import reference
from sampan.storage.pipeline import Reads, read_blocks
from sampan.storage.tar.errors import TarError


def load(shelf: Shelf, stream: Reads, *, quiet: bool) -> Iterator[Document]:
    """Load all images of an archive; yield progress."""
    return progress.documents(lambda report: _load(shelf, stream, report, quiet=quiet), "load")


def _load(shelf: Shelf, stream: Reads, report: Report, *, quiet: bool) -> None:
    def moved(name: str, current: int, total: int) -> None:
        if not quiet:
            short = name.removesuffix("/layer.tar").rpartition("/")[2][:12]
            report(progress.layer_bar(short, "Loading layer", current, total))

    known = frozenset(
        shelf.snapshots.diff_id(chain).removeprefix("sha256:")
        for chain in shelf.snapshots.layers()
    )
    try:
        parts = read(read_blocks(stream), shelf.snapshots, known, moved)
    except TarError as error:
        raise InvalidRequest(f"Error processing tar file: {error}") from error
    try:
        for found in _images(parts):
            _take(shelf, parts, found, report)
    finally:
        parts.abort()


def _images(parts: Parts) -> list[Found]:
    if "manifest.json" in parts.documents:
        return from_manifest(parts)
    if "index.json" in parts.documents:
        return from_index(parts)
    if "repositories" in parts.documents:
        return legacy.from_repositories(parts)
    raise InvalidRequest("invalid archive: does not contain a manifest.json")


def _take(shelf: Shelf, parts: Parts, found: Found, report: Report) -> None:
    """Keep one image of the archive, after checking that it is what its config says."""
    diff_ids = read_config(found.config).diff_ids
    if len(diff_ids) != len(found.layers):
        raise InvalidRequest(
            f"invalid manifest, layers length mismatch:"
            f" expected {len(diff_ids)}, got {len(found.layers)}"
        )
    _check_platform(found.config)
    staged = []
    for number, (diff_id, name) in enumerate(zip(diff_ids, found.layers, strict=True)):
        member = parts.follow(name)
        layer = parts.layers.get(member)
        if layer is None:
            if member not in parts.skipped:
                raise InvalidRequest(f"invalid archive: layer {name} is missing")
            continue
        if layer.diff_id != diff_id:
            raise InvalidRequest(
                f'invalid diffID for layer {number}: expected "{diff_id}", got "{layer.diff_id}"'
            )
        staged.append(layer)
    identity = shelf.put(found.config, staged)
    for text in found.names:
        _name(shelf, text, identity, report)
    if not found.names:
        report({"stream": f"Loaded image ID: {identity}\n"})
    else:
        for text in found.names:
            report({"stream": f"Loaded image: {reference.parse(text).tagged().familiar}\n"})


def _name(shelf: Shelf, text: str, identity: str, report: Report) -> None:
    wanted = reference.parse(text).tagged()
    with shelf.lock:
        before = shelf.name(wanted, identity)
    if before is not None:
        report(
            {
                "stream": f"The image {wanted.familiar} already exists, renaming the old one"
                f" with ID {before} to empty string\n"
            }
        )


def _check_platform(config: bytes) -> None:
    system = msgspec.json.decode(config).get("os") or "linux"
    if system != "linux":
        raise InvalidRequest(f"cannot load {system} image on linux")
