"""What a container changed in its file system."""

from typing import Any

from sampan.engine import find
from sampan.engine.engine import Engine


async def changes(engine: Engine, ref: str) -> list[dict[str, Any]]:
    """List changes: [{Path, Kind}]."""
    container = find.container(engine, ref)
    found = await engine.threads.disk(lambda: list(engine.snapshots.changes(container.id)))
    return [{"Path": change.path, "Kind": change.kind} for change in found]
