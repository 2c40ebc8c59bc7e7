"""What a path inside a container is."""

import os
from typing import Any

from sampan.engine import find
from sampan.engine.engine import Engine
from sampan.engine.trees import paths
from sampan.engine.trees.root import root_of
from sampan.engine.trees.stat_document import document


async def stat_path(engine: Engine, ref: str, *, path: str) -> dict[str, Any]:
    """Give {name, size, mode, mtime, linkTarget}."""
    container = find.container(engine, ref)
    shown = f"{path} in container {ref}"

    def look(root_fd: int) -> dict[str, Any]:
        return stat_below(root_fd, path, shown)

    return await engine.threads.disk(root_of(engine, container).use, look)


def stat_below(root_fd: int, path: str, shown: str) -> dict[str, Any]:
    """Return a path's document; a trailing slash or dot asks for the directory a link means."""
    whole = paths.clean(path)
    if path.endswith(("/", "/.")) and whole != "/":
        whole = paths.follow(root_fd, whole)
    place = paths.find(root_fd, whole, shown)
    try:
        status = os.stat(place.name, dir_fd=place.parent, follow_symlinks=False)
        target = paths.link_target(root_fd, status, whole)
    finally:
        os.close(place.parent)
    return document(whole.rpartition("/")[2] or "/", status, target)
