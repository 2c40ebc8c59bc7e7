"""Prepare a program to run inside a running container."""

from typing import Any

from sampan.base import ids
from sampan.engine import find
from sampan.engine.engine import Engine
from sampan.errors import Conflict, InvalidRequest
from sampan.schema.container import ExecCreate
from sampan.state.execs import Exec


async def create(engine: Engine, ref: str, request: ExecCreate) -> dict[str, Any]:
    """Prepare an exec; answer {Id}."""
    container, _ = find.running(engine, ref)
    if container.state.paused:
        raise Conflict(f"container {ref} is paused, unpause the container before exec")
    if container.state.restarting:
        raise Conflict(f"container {ref} is restarting, wait until the container is running")
    if not request.cmd:
        raise InvalidRequest("no exec command specified")
    each = Exec(id=ids.new_id(), container_id=container.id, request=request)
    engine.execs.add(each)
    command = " ".join(request.cmd)
    engine.events.container(container, f"exec_create: {command}", {"execID": each.id})
    return {"Id": each.id}
