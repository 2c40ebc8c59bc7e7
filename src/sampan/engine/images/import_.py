"""Make an image of a file system tarball."""

from collections.abc import AsyncIterator
from typing import Any

from sampan.engine.bridges import Upload
from sampan.engine.engine import Engine


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
    return _import(engine, body, repo, tag, message, changes or [], platform)


async def _import(
    engine: Engine,
    body: AsyncIterator[bytes],
    repo: str,
    tag: str,
    message: str,
    changes: list[str],
    platform: str,
) -> AsyncIterator[dict[str, Any]]:
    async with Upload(body) as upload:
        identity = await engine.threads.alone(
            engine.images.import_,
            upload,
            repository=repo,
            tag_=tag,
            changes=changes,
            message=message or "Imported from -",
            platform=platform,
        )
    engine.events.publish("image", "import", identity, {"name": identity})
    yield {"status": identity}
