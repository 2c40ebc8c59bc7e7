"""What happens, as it happens."""

from collections.abc import AsyncIterator, Mapping
from typing import Any

from sampan.engine.engine import Engine
from sampan.errors import NotImplemented_


async def events(
    engine: Engine,
    *,
    since: str = "",
    until: str = "",
    filters: Mapping[str, list[str]] | None = None,
) -> AsyncIterator[dict[str, Any]]:
    """Give event documents; without end unless until is given."""
    raise NotImplemented_("system events is not there yet")
