"""What a container changed in its file system."""

from typing import Any

from sampan.engine.engine import Engine
from sampan.errors import NotImplemented_


async def changes(engine: Engine, ref: str) -> list[dict[str, Any]]:
    """List changes: [{Path, Kind}]."""
    raise NotImplemented_("containers changes is not there yet")
