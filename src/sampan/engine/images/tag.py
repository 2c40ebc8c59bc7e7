"""Give an image another name."""

from sampan.engine.engine import Engine
from sampan.errors import NotImplemented_


async def tag(engine: Engine, ref: str, *, repo: str, tag: str = "") -> None:
    """Tag an image."""
    raise NotImplemented_("images tag is not there yet")
