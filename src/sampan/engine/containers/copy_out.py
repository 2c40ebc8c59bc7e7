"""Copy a path out of a container, as a tar stream."""

from sampan.engine.engine import Engine
from sampan.engine.streams import Archive
from sampan.errors import NotImplemented_


async def copy_out(engine: Engine, ref: str, *, path: str) -> Archive:
    """Give a path's stat and its tar."""
    raise NotImplemented_("containers copyout is not there yet")
