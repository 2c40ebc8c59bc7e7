"""Stop a container: ask, wait, then kill."""

from sampan.engine import find
from sampan.engine.engine import Engine
from sampan.engine.lifecycle import stop as lifecycle
from sampan.errors import NotModified


async def stop(engine: Engine, ref: str, *, signal: str = "", grace: int | None = None) -> None:
    """Stop a container; NotModified when it is not running."""
    container = find.container(engine, ref)
    async with find.locked(engine, container):
        if not container.state.running:
            raise NotModified(f"container {container.id} is already stopped")
        await lifecycle.stop(engine, container, signal=signal, grace=grace)
