"""Connect to a container's streams, before or while it runs."""

from sampan.engine.engine import Engine
from sampan.engine.streams import Attached
from sampan.errors import NotImplemented_


async def attach(
    engine: Engine,
    ref: str,
    *,
    logs: bool = False,
    stream: bool = False,
    stdin: bool = False,
    stdout: bool = False,
    stderr: bool = False,
) -> Attached:
    """Attach to a container."""
    raise NotImplemented_("containers attach is not there yet")
