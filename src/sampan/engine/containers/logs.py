"""Read a container's log, and follow it."""

from sampan.engine.engine import Engine
from sampan.engine.streams import LogStream
from sampan.errors import NotImplemented_


async def logs(
    engine: Engine,
    ref: str,
    *,
    stdout: bool = False,
    stderr: bool = False,
    since: str = "",
    until: str = "",
    timestamps: bool = False,
    tail: str = "all",
    follow: bool = False,
    details: bool = False,
) -> LogStream:
    """Read a log. Times are RFC 3339 or UNIX seconds with a fraction, as the API takes them."""
    raise NotImplemented_("containers logs is not there yet")
