"""Take images in from an archive."""

from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

from sampan.engine.bridges import Upload, iterate
from sampan.engine.engine import Engine
from sampan.errors import SampanError

LOADED = ("Loaded image: ", "Loaded image ID: ")


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
            _tell(engine, str(document.get("stream", "")))
            yield document


def _tell(engine: Engine, line: str) -> None:
    """Publish the event of an image that is in."""
    for words in LOADED:
        name = line.removeprefix(words).strip()
        if line.startswith(words):
            with suppress(SampanError):
                identity = engine.images.resolve(name).id
                engine.events.publish("image", "load", identity, {"name": name})
