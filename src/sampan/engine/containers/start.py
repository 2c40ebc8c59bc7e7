"""Start a container that is not running."""

from sampan.engine.engine import Engine
from sampan.errors import NotImplemented_


async def start(engine: Engine, ref: str) -> None:
    """Start a container; NotModified when it runs already."""
    raise NotImplemented_("containers start is not there yet")
