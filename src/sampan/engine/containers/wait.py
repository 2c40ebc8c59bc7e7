"""Wait until a container has ended or is gone."""

import asyncio
from typing import Any

from sampan.engine import find
from sampan.engine.engine import Engine
from sampan.engine.tasks.live import CONDITIONS, NOT_RUNNING
from sampan.errors import InvalidRequest


async def wait(
    engine: Engine, ref: str, *, condition: str = NOT_RUNNING
) -> "asyncio.Future[dict[str, Any]]":
    """Register a wait; the future gives {StatusCode, Error}.

    The call returns as soon as nothing can be missed, so that headers can be sent then.
    condition is not-running, next-exit or removed.
    """
    condition = condition or NOT_RUNNING
    if condition not in CONDITIONS:
        raise InvalidRequest(f'invalid condition: "{condition}"')
    container = find.container(engine, ref)
    if condition == NOT_RUNNING and not container.state.running:
        done: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        done.set_result({"StatusCode": container.state.exit_code})
        return done
    return engine.live(container.id).wait(condition)
