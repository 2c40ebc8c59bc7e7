"""List volumes, filtered."""

from collections.abc import Mapping
from typing import Any

from sampan.engine.engine import Engine
from sampan.errors import NotImplemented_


async def list_(
    engine: Engine, *, filters: Mapping[str, list[str]] | None = None
) -> dict[str, Any]:
    """Answer {Volumes, Warnings}."""
    raise NotImplemented_("volumes list is not there yet")
