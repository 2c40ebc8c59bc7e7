"""List images, filtered."""

from collections.abc import Mapping
from typing import Any

from sampan.engine.engine import Engine
from sampan.errors import NotImplemented_


async def list_(
    engine: Engine,
    *,
    all_: bool = False,
    shared_size: bool = False,
    filters: Mapping[str, list[str]] | None = None,
) -> list[dict[str, Any]]:
    """List images as ImageSummary documents."""
    raise NotImplemented_("images list is not there yet")
