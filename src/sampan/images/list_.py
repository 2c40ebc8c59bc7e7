"""`images`: the list, filtered, and what of their size they share."""

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

from sampan.base import clock
from sampan.images import match
from sampan.images.image import Image
from sampan.images.inspect import names
from sampan.images.shelf import Shelf
from sampan.oci import reference

Filters = Mapping[str, list[str]]
FILTERS = ("dangling", "label", "before", "since", "until", "reference")
# The parsed configs of all images are not kept: labels are read when they are asked for.
Test = Callable[[Image], bool]


def list_(
    shelf: Shelf, filters: Filters, *, everything: bool = False, shared_size: bool = False
) -> list[dict[str, Any]]:
    """Make Docker's ImageSummary of each image, the newest first."""
    match.check(filters, FILTERS)
    dangling = match.flag(filters, "dangling", default=None)
    tests = _tests(shelf, filters)
    parents = {row.parent for row in shelf.rows}
    shared = shared_sizes(shelf) if shared_size else {}
    found = []
    for row in shelf.rows:
        named = bool(shelf.references.of(row.id))
        if not named and not everything and row.id in parents:
            continue
        if dangling is not None and dangling == named:
            continue
        image = shelf.image(row.id)
        if not all(test(image) for test in tests):
            continue
        summary = _summary(image, shared.get(image.id, -1))
        if patterns := filters.get("reference"):
            summary["RepoTags"] = _matching(patterns, summary["RepoTags"])
            summary["RepoDigests"] = _matching(patterns, summary["RepoDigests"])
            if not summary["RepoTags"] and not summary["RepoDigests"]:
                continue
        found.append(summary)
    return sorted(found, key=lambda summary: (-summary["Created"], summary["Id"]))


def _tests(shelf: Shelf, filters: Filters) -> list[Test]:
    tests: list[Test] = []
    for text in filters.get("before", ()):
        before = created(shelf.resolve(text))
        tests.append(lambda image, limit=before: created(image) < limit)  # type: ignore[misc]
    for text in filters.get("since", ()):
        since = created(shelf.resolve(text))
        tests.append(lambda image, limit=since: created(image) > limit)  # type: ignore[misc]
    tests += age_and_labels(filters)
    return tests


def age_and_labels(filters: Filters) -> list[Test]:
    """Tests for the filters that list and prune share."""
    tests: list[Test] = []
    for text in filters.get("until", ()):
        until = match.moment(text)
        tests.append(lambda image, limit=until: created(image) < limit)  # type: ignore[misc]
    if wanted := filters.get("label"):
        tests.append(lambda image: match.labels(wanted, labels(image)))
    if unwanted := filters.get("label!"):
        tests.append(lambda image: not match.labels(unwanted, labels(image)))
    return tests


def labels(image: Image) -> dict[str, str]:
    """Labels of an image."""
    return (image.config.get("config") or {}).get("Labels") or {}


def created(image: Image) -> int:
    """When an image was made, in nanoseconds; 0 when it does not say."""
    try:
        return clock.nanoseconds(image.created)
    except ValueError:
        return 0


def _matching(patterns: list[str], found: list[str]) -> list[str]:
    return [
        name
        for name in found
        if any(match.reference(pattern, reference.parse(name)) for pattern in patterns)
    ]


def _summary(image: Image, shared: int) -> dict[str, Any]:
    tags, digests = names(image)
    return {
        "Id": image.id,
        "ParentId": image.parent,
        "RepoTags": tags,
        "RepoDigests": digests,
        "Created": created(image) // clock.NANO,
        "Size": image.size,
        "SharedSize": shared,
        "Labels": labels(image) or None,
        "Containers": -1,  # the engine's to know
    }


def shared_sizes(shelf: Shelf) -> dict[str, int]:
    """Of each image, the bytes in layers that other images have too."""
    chains = {row.id: list(_chain(shelf, row.chain)) for row in shelf.rows}
    users = Counter(chain for layers in chains.values() for chain in layers)
    return {
        identity: sum(shelf.snapshots.size(chain) for chain in layers if users[chain] > 1)
        for identity, layers in chains.items()
    }


def _chain(shelf: Shelf, chain: str | None) -> list[str]:
    found = []
    while chain is not None:
        found.append(chain)
        chain = shelf.snapshots.parent(chain)
    return found


def layers_size(shelf: Shelf) -> int:
    """Bytes of all layers, each counted once (LayersSize of `system df`)."""
    return sum(shelf.snapshots.size(chain) for chain in shelf.snapshots.layers())
