"""Take a container out of a network."""

from sampan.engine.engine import Engine
from sampan.errors import NotImplemented_
from sampan.schema.network import NetworkDisconnect


async def disconnect(engine: Engine, ref: str, request: NetworkDisconnect) -> None:
    """Disconnect a container."""
    raise NotImplemented_("networks disconnect is not there yet")
