"""How an image was made."""

from typing import Any

from sampan.engine.engine import Engine
from sampan.errors import NotImplemented_


async def history(engine: Engine, ref: str) -> list[dict[str, Any]]:
    """List history items, newest first."""
    raise NotImplemented_("images history is not there yet")
