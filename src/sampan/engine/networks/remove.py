"""Remove a network."""

from sampan.engine.engine import Engine
from sampan.errors import NotImplemented_


async def remove(engine: Engine, ref: str) -> None:
    """Remove a network that no container is in."""
    raise NotImplemented_("networks remove is not there yet")
