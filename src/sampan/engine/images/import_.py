"""Make an image of a file system tarball."""

from collections.abc import AsyncIterator
from typing import Any

from sampan.engine.engine import Engine
from sampan.errors import NotImplemented_


async def import_(
    engine: Engine,
    body: AsyncIterator[bytes],
    *,
    repo: str = "",
    tag: str = "",
    message: str = "",
    changes: list[str] | None = None,
    platform: str = "",
) -> AsyncIterator[dict[str, Any]]:
    """Import a tarball; give progress documents, the last with the image id."""
    raise NotImplemented_("images import is not there yet")
