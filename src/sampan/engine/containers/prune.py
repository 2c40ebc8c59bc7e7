"""Remove all stopped containers."""

from collections.abc import Mapping
from typing import Any

from sampan.engine.engine import Engine
from sampan.errors import NotImplemented_


async def prune(
    engine: Engine, *, filters: Mapping[str, list[str]] | None = None
) -> dict[str, Any]:
    """Answer {ContainersDeleted, SpaceReclaimed}."""
    raise NotImplemented_("containers prune is not there yet")
