"""Bring a container into a network."""

from sampan.engine.engine import Engine
from sampan.errors import NotImplemented_
from sampan.schema.network import NetworkConnect


async def connect(engine: Engine, ref: str, request: NetworkConnect) -> None:
    """Connect a container."""
    raise NotImplemented_("networks connect is not there yet")
