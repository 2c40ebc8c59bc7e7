"""Remove volumes that no container uses."""

from collections.abc import Mapping
from typing import Any

from sampan.engine.engine import Engine
from sampan.engine.filters import check, labels_match, truth
from sampan.engine.volumes import users
from sampan.errors import Conflict, NotFound

KNOWN = ("all", "label", "label!")


async def prune(
    engine: Engine, *, filters: Mapping[str, list[str]] | None = None
) -> dict[str, Any]:
    """Answer {VolumesDeleted, SpaceReclaimed}."""
    wanted = check(filters, KNOWN)
    everything = truth(wanted, "all")
    deleted: list[str] = []
    reclaimed = 0
    for volume in engine.volumes.table:
        if not (volume.anonymous or everything) or users.of(engine, volume.name):
            continue
        if not labels_match(wanted, volume.labels):
            continue
        driver = engine.volumes.driver(volume.driver)
        size = await engine.threads.disk(driver.usage, volume)
        try:
            await users.remove(engine, volume.name)
        except (Conflict, NotFound):
            continue
        deleted.append(volume.name)
        reclaimed += max(size, 0)
    engine.events.publish("volume", "prune", "", {"reclaimed": str(reclaimed)})
    return {"VolumesDeleted": deleted or None, "SpaceReclaimed": reclaimed}
