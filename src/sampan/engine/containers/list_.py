"""List containers, filtered."""

from collections.abc import Mapping
from typing import Any

from sampan.engine.engine import Engine
from sampan.errors import NotImplemented_


async def list_(
    engine: Engine,
    *,
    all_: bool = False,
    limit: int = 0,
    size: bool = False,
    filters: Mapping[str, list[str]] | None = None,
) -> list[dict[str, Any]]:
    """List containers as ContainerSummary documents, newest first."""
    raise NotImplemented_("containers list is not there yet")
