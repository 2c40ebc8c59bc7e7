"""Everything about one image."""

from typing import Any

from sampan.engine.engine import Engine


async def inspect(engine: Engine, ref: str) -> dict[str, Any]:
    """Give Docker's inspect document."""
    return await engine.threads.disk(engine.images.inspect, ref)
