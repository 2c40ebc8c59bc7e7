"""Thaw a paused container."""

from sampan.engine.engine import Engine
from sampan.errors import NotImplemented_


async def unpause(engine: Engine, ref: str) -> None:
    """Thaw a paused container."""
    raise NotImplemented_("containers unpause is not there yet")
