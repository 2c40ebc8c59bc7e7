"""Give a container another name."""

from sampan.engine.engine import Engine
from sampan.errors import NotImplemented_


async def rename(engine: Engine, ref: str, *, name: str) -> None:
    """Rename a container."""
    raise NotImplemented_("containers rename is not there yet")
