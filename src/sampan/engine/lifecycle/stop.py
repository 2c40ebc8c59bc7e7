"""Stop a container: ask, wait, kill. The caller holds the lock."""

import asyncio

from sampan.engine.lifecycle import bundle, end
from sampan.engine.spec import signals
from sampan.engine.stores import Stores
from sampan.engine.tasks.handle import Handle
from sampan.errors import Unavailable
from sampan.state.containers import Container

DEFAULT_GRACE = 10
# A killed process that hangs in the kernel (a dead NFS server) cannot be waited for for ever.
PATIENCE = 30


async def stop(
    engine: Stores, container: Container, *, signal: str = "", grace: int | None = None
) -> None:
    """Stop a running container; nothing when it is not running."""
    container.stopped_by_user = True
    if end.cancel_restart(engine, container):
        engine.events.container(container, "stop")
        return
    live = engine.live(container.id)
    handle = live.handle
    if handle is None:
        return
    number = signals.number(signal or container.config.stop_signal or "TERM")
    send(engine, container, handle, number)
    if not await _ended(engine, container, _grace(container, grace)):
        await kill(engine, container)
    engine.events.container(container, "stop")


async def for_shutdown(engine: Stores, container: Container, grace: int) -> None:
    """Stop a container because the daemon ends: its restart policy will start it again."""
    before = container.stopped_by_user
    async with engine.live(container.id).lock:
        await stop(engine, container, grace=grace)
        container.stopped_by_user = before
        if container.id in engine.containers:
            engine.containers.save(container)


def _grace(container: Container, grace: int | None) -> int:
    if grace is not None:
        return grace
    own = container.config.stop_timeout
    return DEFAULT_GRACE if own is None else own


async def kill(engine: Stores, container: Container) -> None:
    """Kill a container's program and wait for its end."""
    handle = engine.live(container.id).handle
    if handle is None:
        return
    send(engine, container, handle, signals.KILL)
    if not await _ended(engine, container, PATIENCE):
        raise Unavailable(f"container {container.id} does not end after SIGKILL")


def send(engine: Stores, container: Container, handle: Handle, number: int) -> None:
    """Send a signal; a frozen container is thawed, or it would never see it."""
    handle.signal(number)
    engine.events.container(container, "kill", {"signal": str(number)})
    if container.state.paused:
        bundle.cgroup(engine, container).thaw()
        container.state.paused = False
        container.state.status = "running"


async def _ended(engine: Stores, container: Container, seconds: int) -> bool:
    """Wait for the end; False when it does not come in time. Negative waits for ever."""
    ended = engine.live(container.id).ended
    if seconds == 0:
        return ended.is_set()
    try:
        async with asyncio.timeout(seconds if seconds > 0 else None):
            await ended.wait()
    except TimeoutError:
        return False
    return True
