"""Who uses a volume, and the anonymous ones that go with their container."""

from sampan.engine.stores import Stores
from sampan.errors import Conflict, NotFound
from sampan.state.containers import Container


def of(engine: Stores, name: str) -> list[str]:
    """Return the ids of the containers that use a volume."""
    return [
        container.id
        for container in engine.containers
        if any(point.type == "volume" and point.name == name for point in container.mounts)
    ]


async def remove_anonymous(engine: Stores, container: Container) -> None:
    """Remove the anonymous volumes of a container that is gone, when nobody else uses them."""
    for point in container.mounts:
        volume = engine.volumes.table.get(point.name) if point.type == "volume" else None
        if volume is None or not volume.anonymous:
            continue
        try:
            await remove(engine, volume.name)
        except (Conflict, NotFound):
            continue


async def remove(engine: Stores, name: str, *, force: bool = False) -> None:
    """Remove a volume: forgotten at once, erased in a thread."""
    volume = engine.volumes.table.get(name)
    if not engine.volumes.remove(name, lambda each: of(engine, each), force=force):
        return
    assert volume is not None
    engine.events.publish("volume", "destroy", name, {"driver": volume.driver})
    await engine.threads.disk(engine.volumes.erase, volume)
