"""Thaw a paused container."""

import errno

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
        group = bundle.cgroup(engine, container)
        try:
            await engine.threads.disk(group.thaw)
        except OSError as error:
            if error.errno not in {errno.ENOENT, errno.ENODEV}:
                raise
            # It ended meanwhile, and its monitor took the control group away.
            raise Conflict(f"container {container.id} is not running") from error
        states.unpaused(container.state)
        engine.containers.save(container)
    engine.events.container(container, "unpause")
