"""How an image was made."""

from typing import Any

from sampan.engine.engine import Engine


async def history(engine: Engine, ref: str) -> list[dict[str, Any]]:
    """List history items, newest first."""
    return await engine.threads.disk(engine.images.history, ref)
