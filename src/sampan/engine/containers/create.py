"""Make a container: settle its config, take its name, prepare its snapshot."""

from typing import Any

from sampan.engine.engine import Engine
from sampan.errors import NotImplemented_
from sampan.schema.container import ContainerCreate


async def create(
    engine: Engine, request: ContainerCreate, *, name: str = "", platform: str = ""
) -> dict[str, Any]:
    """Make a container; answer {Id, Warnings}."""
    raise NotImplemented_("containers create is not there yet")
