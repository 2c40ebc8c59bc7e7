"""Finding the container a caller means, in the state the caller needs."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sampan.engine.stores import Stores
from sampan.engine.tasks.handle import Handle
from sampan.engine.tasks.live import Live
from sampan.errors import Conflict, NotFound
from sampan.state.containers import Container


def container(engine: Stores, ref: str) -> Container:
    """Find a container by id, name or beginning of its id."""
    return engine.containers.resolve(ref)


@asynccontextmanager
async def locked(engine: Stores, found: Container) -> AsyncIterator[Live]:
    """Hold a container's lock; NotFound when it was removed while we waited."""
    live = engine.live(found.id)
    async with live.lock:
        if engine.containers.get(found.id) is not found:
            engine.forget_live(found.id)
            raise NotFound("container", found.name)
        yield live


def running(engine: Stores, ref: str) -> tuple[Container, Handle]:
    """Find a container whose program runs (also one that is paused)."""
    found = engine.containers.resolve(ref)
    return found, handle(engine, found)


def handle(engine: Stores, found: Container) -> Handle:
    """Return the handle of a running container; Conflict when it is not running."""
    live = engine.live(found.id)
    if live.handle is None or not found.state.running:
        raise Conflict(f"container {found.id} is not running")
    return live.handle
