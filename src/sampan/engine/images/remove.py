"""Remove a name of an image, and the image with its last name."""

from sampan.engine.engine import Engine
from sampan.errors import NotImplemented_


async def remove(
    engine: Engine, ref: str, *, force: bool = False, noprune: bool = False
) -> list[dict[str, str]]:
    """Remove; answer the Untagged and Deleted lines."""
    raise NotImplemented_("images remove is not there yet")
