"""Remove images that nothing names or uses."""

from collections.abc import Mapping
from typing import Any

from sampan.engine.engine import Engine
from sampan.errors import NotImplemented_


async def prune(
    engine: Engine, *, filters: Mapping[str, list[str]] | None = None
) -> dict[str, Any]:
    """Answer {ImagesDeleted, SpaceReclaimed}."""
    raise NotImplemented_("images prune is not there yet")
