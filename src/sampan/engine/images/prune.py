"""Remove images that nothing names or uses."""

from collections.abc import Mapping
from typing import Any

from sampan.engine.engine import Engine
from sampan.engine.images import users


async def prune(
    engine: Engine, *, filters: Mapping[str, list[str]] | None = None
) -> dict[str, Any]:
    """Answer {ImagesDeleted, SpaceReclaimed}."""
    answer = await engine.threads.disk(engine.images.prune, filters or {}, users.of(engine))
    reclaimed = str(answer["SpaceReclaimed"])
    engine.events.publish("image", "prune", "", {"reclaimed": reclaimed})
    return answer
