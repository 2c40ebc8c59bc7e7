"""`image prune`: remove images that nothing names or, with dangling=false, that nothing uses."""

from collections.abc import Mapping
from typing import Any

from sampan.errors import Conflict
from sampan.images import match
from sampan.images.list_ import age_and_labels
from sampan.images.remove import InUse, remove
from sampan.images.shelf import Shelf

FILTERS = ("dangling", "label", "label!", "until")


def prune(shelf: Shelf, filters: Mapping[str, list[str]], in_use: InUse) -> dict[str, Any]:
    """Prune; answer {ImagesDeleted, SpaceReclaimed}."""
    match.check(filters, FILTERS)
    dangling = match.flag(filters, "dangling", default=True)
    tests = age_and_labels(filters)
    before = {chain: shelf.snapshots.size(chain) for chain in shelf.snapshots.layers()}
    deleted: list[dict[str, str]] = []
    for row in shelf.rows:
        names = shelf.references.of(row.id)
        if dangling and any("@" not in name for name in names):
            continue
        if shelf.rows.get(row.id) is None or shelf.children(row.id) or any(in_use(row.id)):
            continue
        if not all(test(shelf.image(row.id)) for test in tests):
            continue
        try:
            # By id an image with several names would need force: it has been decided already.
            for name in names[:-1]:
                deleted += remove(shelf, name, in_use, prune=False)
            deleted += remove(shelf, names[-1] if names else row.id, in_use)
        except Conflict:
            continue  # used since
    gone = {item["Deleted"] for item in deleted if "Deleted" in item}
    return {
        "ImagesDeleted": deleted or None,
        "SpaceReclaimed": sum(size for chain, size in before.items() if chain in gone),
    }
