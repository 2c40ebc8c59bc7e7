"""What a path inside a container is."""

from typing import Any

from sampan.engine.engine import Engine
from sampan.errors import NotImplemented_


async def stat_path(engine: Engine, ref: str, *, path: str) -> dict[str, Any]:
    """Give {name, size, mode, mtime, linkTarget}."""
    raise NotImplemented_("containers statpath is not there yet")
