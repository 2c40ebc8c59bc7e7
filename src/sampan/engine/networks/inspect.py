"""Everything about one network."""

from typing import Any

from sampan.engine.engine import Engine
from sampan.errors import NotImplemented_


async def inspect(
    engine: Engine, ref: str, *, verbose: bool = False, scope: str = ""
) -> dict[str, Any]:
    """Give Docker's network document."""
    raise NotImplemented_("networks inspect is not there yet")
