"""List images, filtered."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from sampan.engine.engine import Engine


async def list_(
    engine: Engine,
    *,
    all_: bool = False,
    shared_size: bool = False,
    filters: Mapping[str, list[str]] | None = None,
) -> list[dict[str, Any]]:
    """List images as ImageSummary documents."""
    found = await engine.threads.disk(
        engine.images.list, filters or {}, everything=all_, shared_size=shared_size
    )
    users = Counter(container.image_id for container in engine.containers)
    for each in found:
        each["Containers"] = users[each["Id"]]
    return found
