"""A container's whole file system as a tar stream."""

from collections.abc import AsyncIterator

from sampan.engine.engine import Engine
from sampan.errors import NotImplemented_


async def export(engine: Engine, ref: str) -> AsyncIterator[bytes]:
    """Give the tar in chunks."""
    raise NotImplemented_("containers export is not there yet")
