"""Send a signal to a container."""

import asyncio

from sampan.engine import find
from sampan.engine.engine import Engine
from sampan.engine.lifecycle import stop
from sampan.engine.spec import signals
from sampan.errors import Conflict


async def kill(engine: Engine, ref: str, *, signal: str = "KILL") -> None:
    """Send a signal; with KILL, wait for the end."""
    number = signals.number(signal or "KILL")
    container = find.container(engine, ref)
    live = engine.live(container.id)
    if live.handle is None:
        raise Conflict(f"cannot kill container: {ref}: container {container.id} is not running")
    if number in {signals.KILL, signals.number(container.config.stop_signal or "TERM")}:
        container.stopped_by_user = True
    stop.send(engine, container, live.handle, number)
    if number == signals.KILL:
        # Whoever kills and removes next must not find it still running; but a process that
        # hangs in the kernel must not hold the caller for ever.
        try:
            async with asyncio.timeout(stop.PATIENCE):
                await live.ended.wait()
        except TimeoutError:
            raise Conflict(f"container {container.id} does not end after SIGKILL") from None
