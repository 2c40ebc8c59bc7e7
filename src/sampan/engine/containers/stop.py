"""Stop a container: ask, wait, then kill."""

from sampan.engine.engine import Engine
from sampan.errors import NotImplemented_


async def stop(engine: Engine, ref: str, *, signal: str = "", grace: int | None = None) -> None:
    """Stop a container; NotModified when it is not running."""
    raise NotImplemented_("containers stop is not there yet")
