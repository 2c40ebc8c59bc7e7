"""Make a volume."""

from typing import Any

from sampan.engine.engine import Engine
from sampan.engine.volumes.document import document
from sampan.schema.volume import VolumeCreate


async def create(engine: Engine, request: VolumeCreate) -> dict[str, Any]:
    """Make a volume, or find it when it is there; answer its document."""
    volume, new = engine.volumes.create(
        request.name, request.driver, request.driver_opts or None, request.labels
    )
    if new:
        engine.events.publish("volume", "create", volume.name, {"driver": volume.driver})
    return document(volume)
