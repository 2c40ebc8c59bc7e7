"""List the processes of a container, as the host's ps sees them."""

from typing import Any

from sampan.engine.engine import Engine
from sampan.errors import NotImplemented_


async def top(engine: Engine, ref: str, *, ps_args: str = "-ef") -> dict[str, Any]:
    """List processes: {Titles, Processes}."""
    raise NotImplemented_("containers top is not there yet")
