"""Make an image of a container."""

from typing import Any

from sampan.engine import find
from sampan.engine.engine import Engine
from sampan.engine.lifecycle import bundle
from sampan.errors import Conflict
from sampan.schema.container_config import ContainerConfig
from sampan.schema.wire import to_wire
from sampan.state.containers import Container


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
    container = find.container(engine, ref)
    words = _config(container, config)
    async with find.locked(engine, container):
        if container.removing:
            raise Conflict(f"cannot commit container {ref} which is being removed")
        live = engine.live(container.id)
        freeze = pause and live.handle is not None and not container.state.paused
        group = bundle.cgroup(engine, container)
        if freeze:
            await engine.threads.disk(group.freeze)
        try:
            identity = await engine.threads.disk(
                engine.images.commit,
                container.id,
                parent=container.image_id,
                config=words,
                repository=repo,
                tag_=tag,
                author=author,
                comment=comment,
                changes=changes or [],
            )
        finally:
            if freeze:
                await engine.threads.disk(group.thaw)
    engine.events.container(container, "commit", {"comment": comment, "imageID": identity})
    return {"Id": identity}


def _config(container: Container, wish: ContainerConfig | None) -> dict[str, Any]:
    """Return the container's config with the caller's on top, where that says anything."""
    words = to_wire(container.config)
    for key, value in to_wire(wish).items() if wish is not None else ():
        if value:
            words[key] = value
    return words
