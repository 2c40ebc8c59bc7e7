"""Write images as an archive."""

from collections.abc import AsyncIterator

from sampan.engine.bridges import iterate
from sampan.engine.engine import Engine


async def save(engine: Engine, refs: list[str]) -> AsyncIterator[bytes]:
    """Give the archive in chunks."""
    images = [engine.images.resolve(ref) for ref in refs]
    blocks = engine.images.save(refs)
    for image, ref in zip(images, refs, strict=True):
        engine.events.publish("image", "save", image.id, {"name": ref})
    return iterate(engine.threads, blocks)
