"""Remove a container and what only it used."""

from sampan.engine.engine import Engine
from sampan.errors import NotImplemented_


async def remove(
    engine: Engine, ref: str, *, force: bool = False, volumes: bool = False, link: bool = False
) -> None:
    """Remove a container; a running one only with force."""
    raise NotImplemented_("containers remove is not there yet")
