"""Remove a volume."""

from sampan.engine.engine import Engine
from sampan.engine.volumes import users


async def remove(engine: Engine, name: str, *, force: bool = False) -> None:
    """Remove a volume that no container uses."""
    await users.remove(engine, name, force=force)
