"""List volumes, filtered."""

import re
from collections.abc import Mapping
from typing import Any

from sampan.engine.engine import Engine
from sampan.engine.filters import any_of, check, labels_match, truth
from sampan.engine.volumes import users
from sampan.engine.volumes.document import document
from sampan.errors import InvalidRequest

KNOWN = ("dangling", "driver", "label", "name")


async def list_(
    engine: Engine, *, filters: Mapping[str, list[str]] | None = None
) -> dict[str, Any]:
    """Answer {Volumes, Warnings}."""
    wanted = check(filters, KNOWN)
    dangling = truth(wanted, "dangling")
    try:
        names = [re.compile(text) for text in wanted.get("name", ())]
    except re.error as error:
        raise InvalidRequest(f"invalid filter 'name': {error}") from error
    found = []
    for volume in engine.volumes.table:
        if names and not any(pattern.search(volume.name) for pattern in names):
            continue
        if not any_of(wanted, "driver", volume.driver.__eq__):
            continue
        if not labels_match(wanted, volume.labels):
            continue
        if dangling is not None and dangling is bool(users.of(engine, volume.name)):
            continue
        found.append(document(volume))
    return {"Volumes": sorted(found, key=lambda each: str(each["Name"])), "Warnings": None}
