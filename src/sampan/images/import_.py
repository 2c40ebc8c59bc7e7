"""`import`: an image of one layer, out of a tarball of a root file system."""

from sampan.base import clock
from sampan.errors import InvalidRequest
from sampan.images import changes, config
from sampan.images.shelf import Shelf
from sampan.oci import reference
from sampan.oci.reference import Reference
from sampan.storage import compression
from sampan.storage.driver import Staged
from sampan.storage.pipeline import Ahead, Reads, peek, read_blocks
from sampan.storage.tar.errors import TarError


def import_(
    shelf: Shelf,
    stream: Reads,
    *,
    name: Reference | None,
    changes_: list[str],
    message: str,
    platform: str,
) -> str:
    """Take in a tarball (plain or compressed); return the image's id."""
    # Before the long work: a mistake in a change should not cost an upload.
    wanted = changes.apply({}, changes_)
    described = config.platform(platform)
    if described["os"] != "linux":
        raise InvalidRequest(f'operating system "{described["os"]}" is not supported')
    staged = stage(shelf, stream)
    try:
        now = clock.now()
        made = config.build(
            platform=described,
            config=wanted,
            diff_ids=[staged.diff_id],
            history=[config.step(now, comment=message or "Imported from -")],
            created=now,
        )
        return shelf.put(made, [staged], names=[name] if name else [])
    finally:
        staged.abort()


def stage(shelf: Shelf, stream: Reads) -> Staged:
    """Stage a layer out of a tarball."""
    head, blocks = peek(read_blocks(stream), 6)
    if not head:
        raise InvalidRequest("Error processing tar file: unexpected EOF")
    kind, plain = compression.plain(blocks)
    try:
        if not kind:
            return shelf.snapshots.stage(plain)
        with Ahead(plain, "sampan-inflate") as ahead:
            return shelf.snapshots.stage(ahead)
    except (TarError, compression.BadCompression) as error:
        raise InvalidRequest(f"Error processing tar file: {error}") from error


def name_of(repository: str, tag: str) -> Reference | None:
    """Read what clients send as repo and tag; no repository means no name."""
    if not repository:
        return None
    name = reference.with_tag(repository, tag)
    if name.digest:
        raise InvalidRequest("cannot import digest reference")
    return name
