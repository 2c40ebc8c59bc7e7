"""Everything about one image."""

from typing import Any

from sampan.engine.engine import Engine
from sampan.errors import NotImplemented_


async def inspect(engine: Engine, ref: str) -> dict[str, Any]:
    """Give Docker's inspect document."""
    raise NotImplemented_("images inspect is not there yet")
