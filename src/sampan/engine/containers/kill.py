"""Send a signal to a container."""

from sampan.engine.engine import Engine
from sampan.errors import NotImplemented_


async def kill(engine: Engine, ref: str, *, signal: str = "KILL") -> None:
    """Send a signal; with KILL, wait for the end."""
    raise NotImplemented_("containers kill is not there yet")
