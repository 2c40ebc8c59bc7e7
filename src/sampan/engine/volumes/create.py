"""Make a volume."""

from typing import Any

from sampan.engine.engine import Engine
from sampan.errors import NotImplemented_
from sampan.schema.volume import VolumeCreate


async def create(engine: Engine, request: VolumeCreate) -> dict[str, Any]:
    """Make a volume, or find it when it is there; answer its document."""
    raise NotImplemented_("volumes create is not there yet")
