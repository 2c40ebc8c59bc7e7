"""Freeze all processes of a container."""

import errno

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
        not_running = Conflict(f"container {container.id} is not running")
        group = bundle.cgroup(engine, container)
        try:
            await engine.threads.disk(group.freeze)
            if handle.killed:
                # Frozen, it would never see the signal (cgroup v1).
                await engine.threads.disk(group.thaw)
                raise not_running
        except OSError as error:
            if error.errno not in {errno.ENOENT, errno.ENODEV}:
                raise
            # It ended meanwhile, and its monitor took the control group away.
            raise not_running from error
        if engine.live(container.id).handle is not handle:
            return
        states.paused(container.state)
        engine.containers.save(container)
    engine.events.container(container, "pause")
