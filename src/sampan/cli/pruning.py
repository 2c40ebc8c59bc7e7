"""What the prune commands say: lists of what is gone, and the space that freed. Pure."""

from __future__ import annotations

from sampan.cli.format.units import size

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any


def deleted(title: str, names: Iterable[str] | None) -> str:
    """List the names under a title, with an empty line after; nothing when there are none."""
    lines = [f"{name}\n" for name in names or ()]
    return "".join([f"{title}\n", *lines, "\n"]) if lines else ""


def report(found: dict[str, Any]) -> str:
    """Say how much space came back."""
    return f"Total reclaimed space: {size(found.get('SpaceReclaimed') or 0)}\n"


def image_lines(deleted_images: Iterable[dict[str, str]] | None) -> list[str]:
    """Name what happened to each image, as prune words it."""
    lines = []
    for change in deleted_images or ():
        if change.get("Untagged"):
            lines.append(f"untagged: {change['Untagged']}")
        if change.get("Deleted"):
            lines.append(f"deleted: {change['Deleted']}")
    return lines
