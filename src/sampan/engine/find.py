"""Finding the container a caller means, in the state the caller needs."""

from sampan.engine.stores import Stores
from sampan.engine.tasks.handle import Handle
from sampan.errors import Conflict
from sampan.state.containers import Container


def container(engine: Stores, ref: str) -> Container:
    """Find a container by id, name or beginning of its id."""
    return engine.containers.resolve(ref)


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
