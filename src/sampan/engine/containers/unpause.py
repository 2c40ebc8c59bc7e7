"""Thaw a paused container."""

from sampan.engine import find
from sampan.engine.engine import Engine
from sampan.engine.lifecycle import bundle, states
from sampan.errors import Conflict


async def unpause(engine: Engine, ref: str) -> None:
    """Thaw a paused container."""
    container = find.container(engine, ref)
    async with find.locked(engine, container):
        if not container.state.paused:
            raise Conflict(f"container {container.id} is not paused")
        await engine.threads.disk(bundle.cgroup(engine, container).thaw)
        states.unpaused(container.state)
        engine.containers.save(container)
    engine.events.container(container, "unpause")
