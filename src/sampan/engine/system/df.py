"""What takes how much room."""

from typing import Any

from sampan.engine.engine import Engine
from sampan.errors import NotImplemented_


async def df(engine: Engine, *, types: list[str] | None = None) -> dict[str, Any]:
    """Give {LayersSize, Images, Containers, Volumes, BuildCache}."""
    raise NotImplemented_("system df is not there yet")
