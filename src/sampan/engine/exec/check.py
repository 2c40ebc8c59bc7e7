"""Whether a prepared exec can be started now.

Asked before the caller commits itself to a stream: what start would refuse afterwards can no
longer be told by a status.
"""

from sampan.engine.engine import Engine
from sampan.errors import Conflict, NotFound
from sampan.state.containers import Container
from sampan.state.execs import Exec


async def check(engine: Engine, exec_id: str) -> tuple[Exec, Container]:
    """Give the exec and its container, or say why it cannot run."""
    each = engine.execs.get(exec_id)
    if each.started:
        raise Conflict(f"exec {exec_id} has already run")
    container = engine.containers.get(each.container_id)
    if container is None:
        raise NotFound("container", each.container_id)
    if container.state.paused:
        raise Conflict(f"container {container.id} is paused, unpause the container before exec")
    running = engine.live(container.id).handle
    if running is None or running.pidfd < 0:
        raise Conflict(f"container {container.id} is not running")
    return each, container
