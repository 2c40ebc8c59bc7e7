"""`commit`: an image out of what a container changed."""

from typing import Any

from sampan.base import clock
from sampan.errors import NotFound
from sampan.images import changes, config
from sampan.images.config import EMPTY_LAYER
from sampan.images.image import Image
from sampan.images.shelf import Shelf
from sampan.oci.reference import Reference
from sampan.storage.pipeline import Ahead


def commit(
    shelf: Shelf,
    key: str,
    *,
    parent: str,
    words: dict[str, Any],
    name: Reference | None,
    author: str,
    comment: str,
    changes_: list[str],
) -> str:
    """Make the image; `words` is the container's config, `parent` the image it was made from."""
    wanted = changes.apply(words, changes_)
    base = _base(shelf, parent)
    below = shelf.diff_ids(shelf.snapshots.chain_of(key))
    # Reading the files and unpacking them elsewhere share the work of two processors.
    with Ahead(shelf.snapshots.diff(key), "sampan-diff") as blocks:
        staged = shelf.snapshots.stage(blocks)
    try:
        empty = staged.diff_id == EMPTY_LAYER
        now = clock.now()
        command = " ".join(words.get("Cmd") or ())
        line = config.step(now, command=command, author=author, comment=comment, empty=empty)
        old = base.config if base else {}
        made = config.build(
            platform=_platform(old),
            config=wanted,
            diff_ids=below if empty else [*below, staged.diff_id],
            history=[*_history(base, below, now), line],
            created=now,
            author=author,
        )
        return shelf.put(
            made,
            [staged],
            parent=base.id if base else "",
            names=[name] if name else [],
        )
    finally:
        staged.abort()


def _base(shelf: Shelf, parent: str) -> Image | None:
    if not parent:
        return None
    try:
        return shelf.image(parent)
    except NotFound:
        return None


def _history(base: Image | None, below: list[str], now: str) -> list[dict[str, Any]]:
    """The steps before: the image's own, or a line per layer when it has been removed meanwhile."""
    if base is not None:
        return list(base.config.get("history") or ())
    return [config.step(now, comment="of an image removed since") for _ in below]


def _platform(old: dict[str, Any]) -> dict[str, Any]:
    kept = ("architecture", "os", "variant", "os.version", "os.features")
    return {**config.platform(""), **{key: old[key] for key in kept if old.get(key)}}
