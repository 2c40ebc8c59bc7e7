"""`history`: how an image came to be, the newest step first."""

from typing import Any

from sampan.base import clock
from sampan.errors import NotFound
from sampan.images.image import Image
from sampan.images.inspect import names
from sampan.images.shelf import Shelf
from sampan.oci import digest


def history(shelf: Shelf, image: Image) -> list[dict[str, Any]]:
    """Make Docker's HistoryResponseItem of each step."""
    chains = iter(digest.chain_ids(image.diff_ids))
    items: list[dict[str, Any]] = []
    for line in image.config.get("history") or ():
        size = 0
        if not line.get("empty_layer"):
            chain = next(chains, None)
            size = shelf.snapshots.size(chain) if chain else 0
        items.append(
            {
                "Id": "<missing>",
                "Created": _seconds(line.get("created") or ""),
                "CreatedBy": line.get("created_by") or "",
                "Tags": None,
                "Size": size,
                "Comment": line.get("comment") or "",
            }
        )
    items.reverse()
    _name(shelf, image, items)
    return items


def _name(shelf: Shelf, image: Image, items: list[dict[str, Any]]) -> None:
    """Give the steps the ids of the images they ended in, as far as those are here."""
    for item in items:
        item["Id"] = image.id
        item["Tags"] = names(image)[0] or None
        try:
            image = shelf.image(image.parent)
        except NotFound:
            return


def _seconds(text: str) -> int:
    try:
        return clock.nanoseconds(text) // clock.NANO
    except ValueError:
        return 0
