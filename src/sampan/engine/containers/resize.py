"""Tell a container the size of its terminal."""

from sampan.engine import find
from sampan.engine.engine import Engine


async def resize(engine: Engine, ref: str, *, height: int, width: int) -> None:
    """Resize the tty of a running container."""
    container, handle = find.running(engine, ref)
    handle.resize(height, width)
    engine.events.container(container, "resize", {"height": str(height), "width": str(width)})
