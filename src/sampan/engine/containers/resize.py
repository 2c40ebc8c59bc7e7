"""Tell a container the size of its terminal."""

from sampan.engine.engine import Engine
from sampan.errors import NotImplemented_


async def resize(engine: Engine, ref: str, *, height: int, width: int) -> None:
    """Resize the tty of a running container."""
    raise NotImplemented_("containers resize is not there yet")
