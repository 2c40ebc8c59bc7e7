"""Remove all stopped containers."""

from collections.abc import Mapping
from typing import Any

from sampan.base import clock
from sampan.engine import filters as matching
from sampan.engine.containers.inspect import sizes
from sampan.engine.containers.remove import remove
from sampan.engine.engine import Engine
from sampan.errors import Conflict, NotFound

KNOWN = ("label", "label!", "until")


async def prune(
    engine: Engine, *, filters: Mapping[str, list[str]] | None = None
) -> dict[str, Any]:
    """Answer {ContainersDeleted, SpaceReclaimed}."""
    wanted = matching.check(filters, KNOWN)
    until = matching.until(wanted)
    deleted: list[str] = []
    reclaimed = 0
    for container in engine.containers:
        if container.state.running or not matching.labels_match(wanted, container.config.labels):
            continue
        if until and clock.nanoseconds(container.created) > until:
            continue
        size, _ = await sizes(engine, container)
        try:
            await remove(engine, container.id)
        except (Conflict, NotFound):
            continue  # started, or removed by somebody else, meanwhile
        deleted.append(container.id)
        reclaimed += size
    engine.events.publish("container", "prune", "", {"reclaimed": str(reclaimed)})
    return {"ContainersDeleted": deleted or None, "SpaceReclaimed": reclaimed}
