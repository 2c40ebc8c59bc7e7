"""Take images in from an archive."""

from collections.abc import AsyncIterator
from typing import Any

from sampan.engine.bridges import Upload, iterate
from sampan.engine.engine import Engine


async def load(
    engine: Engine, body: AsyncIterator[bytes], *, quiet: bool = False
) -> AsyncIterator[dict[str, Any]]:
    """Load images; give progress documents."""
    return _load(engine, body, quiet=quiet)


async def _load(
    engine: Engine, body: AsyncIterator[bytes], *, quiet: bool
) -> AsyncIterator[dict[str, Any]]:
    async with Upload(body) as upload:
        async for document in iterate(engine.threads, engine.images.load(upload, quiet=quiet)):
            yield document
    engine.events.publish("image", "load", "", {})
