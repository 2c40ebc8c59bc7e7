"""Make an image of a container."""

from typing import Any

from sampan.engine.engine import Engine
from sampan.errors import NotImplemented_
from sampan.schema.container_config import ContainerConfig


async def commit(
    engine: Engine,
    ref: str,
    *,
    repo: str = "",
    tag: str = "",
    comment: str = "",
    author: str = "",
    pause: bool = True,
    changes: list[str] | None = None,
    config: ContainerConfig | None = None,
) -> dict[str, Any]:
    """Commit a container; answer {Id}."""
    raise NotImplemented_("containers commit is not there yet")
