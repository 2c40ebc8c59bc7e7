"""Everything about one volume."""

from typing import Any

from sampan.engine.engine import Engine
from sampan.errors import NotImplemented_


async def inspect(engine: Engine, name: str) -> dict[str, Any]:
    """Give Docker's volume document."""
    raise NotImplemented_("volumes inspect is not there yet")
