"""Everything about one container."""

from typing import Any

from sampan.engine.engine import Engine
from sampan.errors import NotImplemented_


async def inspect(engine: Engine, ref: str, *, size: bool = False) -> dict[str, Any]:
    """Give Docker's inspect document."""
    raise NotImplemented_("containers inspect is not there yet")
