"""The facts behind the headers of _ping."""

from sampan.engine.engine import Engine
from sampan.errors import NotImplemented_


async def ping(engine: Engine) -> dict[str, str]:
    """Give {OSType, Builder-Version, Swarm}."""
    raise NotImplemented_("system ping is not there yet")
