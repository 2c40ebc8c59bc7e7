"""What this engine is and has."""

from typing import Any

from sampan.engine.engine import Engine
from sampan.errors import NotImplemented_


async def info(engine: Engine) -> dict[str, Any]:
    """Give Docker's info document."""
    raise NotImplemented_("system info is not there yet")
