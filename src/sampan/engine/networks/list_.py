"""List networks, filtered."""

from collections.abc import Mapping
from typing import Any

from sampan.engine.engine import Engine
from sampan.errors import NotImplemented_


async def list_(
    engine: Engine, *, filters: Mapping[str, list[str]] | None = None
) -> list[dict[str, Any]]:
    """List network documents."""
    raise NotImplemented_("networks list is not there yet")
