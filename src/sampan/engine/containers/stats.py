"""Read what a container uses, once or every second."""

from collections.abc import AsyncIterator
from typing import Any

from sampan.engine.engine import Engine
from sampan.errors import NotImplemented_


async def stats(
    engine: Engine, ref: str, *, stream: bool = True, one_shot: bool = False
) -> AsyncIterator[dict[str, Any]]:
    """Give Docker's stats documents."""
    raise NotImplemented_("containers stats is not there yet")
