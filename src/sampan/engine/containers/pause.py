"""Freeze all processes of a container."""

from sampan.engine import find
from sampan.engine.engine import Engine
from sampan.engine.lifecycle import bundle, states
from sampan.errors import Conflict


async def pause(engine: Engine, ref: str) -> None:
    """Freeze a running container."""
    container = find.container(engine, ref)
    async with find.locked(engine, container):
        if container.state.paused:
            raise Conflict(f"container {container.id} is already paused")
        if container.state.restarting:
            raise Conflict(
                f"container {container.id} is restarting, wait until the container is running"
            )
        handle = find.handle(engine, container)
        await engine.threads.disk(bundle.cgroup(engine, container).freeze)
        if engine.live(container.id).handle is not handle:
            return
        states.paused(container.state)
        engine.containers.save(container)
    engine.events.container(container, "pause")
