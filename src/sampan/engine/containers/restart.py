"""Stop a container when it runs, and start it."""

from sampan.engine.engine import Engine
from sampan.errors import NotImplemented_


async def restart(engine: Engine, ref: str, *, signal: str = "", grace: int | None = None) -> None:
    """Restart a container."""
    raise NotImplemented_("containers restart is not there yet")
