"""Write images as an archive."""

from collections.abc import AsyncIterator

from sampan.engine.engine import Engine
from sampan.errors import NotImplemented_


async def save(engine: Engine, refs: list[str]) -> AsyncIterator[bytes]:
    """Give the archive in chunks."""
    raise NotImplemented_("images save is not there yet")
