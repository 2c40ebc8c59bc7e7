"""Tell an exec the size of its terminal."""

from sampan.engine.engine import Engine
from sampan.errors import NotImplemented_


async def resize(engine: Engine, exec_id: str, *, height: int, width: int) -> None:
    """Resize the tty of a running exec."""
    raise NotImplemented_("exec resize is not there yet")
