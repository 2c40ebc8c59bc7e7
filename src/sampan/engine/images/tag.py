"""Give an image another name."""

from sampan.engine.engine import Engine


async def tag(engine: Engine, ref: str, *, repo: str, tag: str = "") -> None:
    """Tag an image."""
    image = engine.images.resolve(ref)
    name = engine.images.tag(image.id, repo, tag)
    engine.events.publish("image", "tag", image.id, {"name": name})
