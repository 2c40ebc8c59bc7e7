"""Remove a container and what only it used."""

from sampan.engine import find
from sampan.engine.engine import Engine
from sampan.engine.lifecycle import end, removal, stop
from sampan.errors import Conflict, InvalidRequest
from sampan.state.containers import Container


async def remove(
    engine: Engine, ref: str, *, force: bool = False, volumes: bool = False, link: bool = False
) -> None:
    """Remove a container; a running one only with force."""
    container = find.container(engine, ref)
    if link:
        raise InvalidRequest(f"cannot remove link {ref}: links end with their container")
    live = engine.live(container.id)
    if live.handle is not None and force:
        # Before the lock: a stop that waits out its grace would hold it.
        container.stopped_by_user = True
        await stop.kill(engine, container)
    async with live.lock:
        if container.id not in engine.containers:
            return
        end.cancel_restart(engine, container)
        if container.state.running:
            if not force:
                raise Conflict(_refusal(container))
            container.stopped_by_user = True
            await stop.kill(engine, container)
        removal.forget(engine, container)
    engine.teardown.start(
        removal.erase(engine, container, volumes=volumes), name=f"erase {container.id[:12]}"
    )


def _refusal(container: Container) -> str:
    state = "paused" if container.state.paused else "running"
    verb = "unpause and then stop" if container.state.paused else "stop"
    return (
        f'cannot remove container "/{container.name}": container is {state}: '
        f"{verb} the container before removing or force remove"
    )
