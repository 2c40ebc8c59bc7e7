"""Run a prepared exec."""

from sampan.engine.engine import Engine
from sampan.engine.streams import Attached
from sampan.errors import NotImplemented_
from sampan.schema.container import ExecStart


async def start(engine: Engine, exec_id: str, request: ExecStart) -> Attached | None:
    """Run an exec; give its streams, or None with detach."""
    raise NotImplemented_("exec start is not there yet")
