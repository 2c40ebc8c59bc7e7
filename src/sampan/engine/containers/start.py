"""Start a container that is not running."""

from sampan.engine import find
from sampan.engine.engine import Engine
from sampan.engine.lifecycle import end
from sampan.engine.lifecycle import start as lifecycle
from sampan.errors import Conflict, NotModified


async def start(engine: Engine, ref: str) -> None:
    """Start a container; NotModified when it runs already."""
    container = find.container(engine, ref)
    async with find.locked(engine, container) as live:
        if container.state.paused:
            raise Conflict("cannot start a paused container, try unpause instead")
        end.cancel_restart(engine, container)
        if container.state.running:
            raise NotModified(f"container {container.id} is already running")
        container.restart_count = 0
        live.backoff = 0.0
        await lifecycle.start(engine, container)
