"""Stop a container when it runs, and start it."""

from sampan.engine import find
from sampan.engine.engine import Engine
from sampan.engine.lifecycle import start, stop


async def restart(engine: Engine, ref: str, *, signal: str = "", grace: int | None = None) -> None:
    """Restart a container."""
    container = find.container(engine, ref)
    async with find.locked(engine, container) as live:
        live.kept = True
        try:
            await stop.stop(engine, container, signal=signal, grace=grace)
        finally:
            live.kept = False
        container.restart_count = 0
        await start.start(engine, container)
        engine.events.container(container, "restart")
