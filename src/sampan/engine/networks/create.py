"""Make a network."""

from typing import Any

from sampan.engine.engine import Engine
from sampan.errors import NotImplemented_
from sampan.schema.network import NetworkCreate


async def create(engine: Engine, request: NetworkCreate) -> dict[str, Any]:
    """Make a network; answer {Id, Warning}."""
    raise NotImplemented_("networks create is not there yet")
