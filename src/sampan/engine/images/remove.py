"""Remove a name of an image, and the image with its last name."""

from sampan.engine.engine import Engine
from sampan.engine.images import users


async def remove(
    engine: Engine, ref: str, *, force: bool = False, noprune: bool = False
) -> list[dict[str, str]]:
    """Remove; answer the Untagged and Deleted lines."""
    image = engine.images.resolve(ref)
    lines = await engine.threads.disk(
        engine.images.remove, ref, users.of(engine), force=force, prune=not noprune
    )
    for line in lines:
        if "Untagged" in line:
            engine.events.publish("image", "untag", image.id, {"name": line["Untagged"]})
        elif line.get("Deleted") == image.id:
            engine.events.publish("image", "delete", image.id, {"name": image.id})
    return lines
