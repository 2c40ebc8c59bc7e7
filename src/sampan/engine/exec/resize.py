"""Tell an exec the size of its terminal."""

from sampan.engine.engine import Engine
from sampan.errors import Conflict


async def resize(engine: Engine, exec_id: str, *, height: int, width: int) -> None:
    """Resize the tty of a running exec."""
    each = engine.execs.get(exec_id)
    handle = engine.exec_handles.get(each.id)
    if handle is None:
        raise Conflict(f"exec {exec_id} is not running")
    handle.resize(height, width)
