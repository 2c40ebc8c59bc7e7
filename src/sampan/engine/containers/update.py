"""Change limits and restart policy of a container, also while it runs."""

from typing import Any

from sampan.engine.engine import Engine
from sampan.errors import NotImplemented_
from sampan.schema.container import ContainerUpdate


async def update(engine: Engine, ref: str, changes: ContainerUpdate) -> dict[str, Any]:
    """Change a container; answer {Warnings}."""
    raise NotImplemented_("containers update is not there yet")
