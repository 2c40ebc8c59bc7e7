"""Remove a volume."""

from sampan.engine.engine import Engine
from sampan.errors import NotImplemented_


async def remove(engine: Engine, name: str, *, force: bool = False) -> None:
    """Remove a volume that no container uses."""
    raise NotImplemented_("volumes remove is not there yet")
