"""Take images in from an archive."""

from collections.abc import AsyncIterator
from typing import Any

from sampan.engine.engine import Engine
from sampan.errors import NotImplemented_


async def load(
    engine: Engine, body: AsyncIterator[bytes], *, quiet: bool = False
) -> AsyncIterator[dict[str, Any]]:
    """Load images; give progress documents."""
    raise NotImplemented_("images load is not there yet")
