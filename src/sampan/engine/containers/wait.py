"""Wait until a container has ended or is gone."""

import asyncio
from typing import Any

from sampan.engine.engine import Engine
from sampan.errors import NotImplemented_


async def wait(
    engine: Engine, ref: str, *, condition: str = "not-running"
) -> "asyncio.Future[dict[str, Any]]":
    """Register a wait; the future gives {StatusCode, Error}.

    The call returns as soon as nothing can be missed, so that headers can be sent then.
    condition is not-running, next-exit or removed.
    """
    raise NotImplemented_("containers wait is not there yet")
