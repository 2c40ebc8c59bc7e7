"""Everything about one exec."""

from typing import Any

from sampan.engine.engine import Engine
from sampan.errors import NotImplemented_


async def inspect(engine: Engine, exec_id: str) -> dict[str, Any]:
    """Give Docker's exec document."""
    raise NotImplemented_("exec inspect is not there yet")
