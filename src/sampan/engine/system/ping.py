"""The facts behind the headers of _ping."""

from sampan.engine.engine import Engine


async def ping(engine: Engine) -> dict[str, str]:
    """Give {OSType, Builder-Version, Swarm}."""
    return {"OSType": "linux", "Builder-Version": "1", "Swarm": "inactive"}
