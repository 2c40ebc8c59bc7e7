"""Everything about one volume."""

from typing import Any

from sampan.engine.engine import Engine
from sampan.engine.volumes.document import document


async def inspect(engine: Engine, name: str) -> dict[str, Any]:
    """Give Docker's volume document."""
    return document(engine.volumes.get(name))
