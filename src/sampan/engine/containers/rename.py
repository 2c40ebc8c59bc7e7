"""Give a container another name."""

from sampan.engine import find
from sampan.engine.engine import Engine
from sampan.engine.spec.validate.config import check_name
from sampan.errors import InvalidRequest


async def rename(engine: Engine, ref: str, *, name: str) -> None:
    """Rename a container."""
    container = find.container(engine, ref)
    if not name:
        raise InvalidRequest("Neither old nor new names may be empty")
    async with find.locked(engine, container):
        new = check_name(name)
        old = container.name
        if new == old:
            raise InvalidRequest("Renaming a container with the same name as its current name")
        engine.containers.rename(container, new)
        await engine.threads.net(engine.networks.rename, container.id, new)
    engine.events.container(container, "rename", {"oldName": f"/{old}"})
