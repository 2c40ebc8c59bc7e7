"""Freeze all processes of a container."""

from sampan.engine.engine import Engine
from sampan.errors import NotImplemented_


async def pause(engine: Engine, ref: str) -> None:
    """Freeze a running container."""
    raise NotImplemented_("containers pause is not there yet")
