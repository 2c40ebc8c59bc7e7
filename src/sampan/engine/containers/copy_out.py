"""Copy a path out of a container, as a tar stream."""

import os
import stat

from sampan.engine import find
from sampan.engine.bridges import Put, produce
from sampan.engine.containers.stat_path import stat_below
from sampan.engine.engine import Engine
from sampan.engine.streams import Archive
from sampan.engine.trees import paths
from sampan.engine.trees.pack import Packer
from sampan.engine.trees.root import root_of
from sampan.storage.tree import open_directory


async def copy_out(engine: Engine, ref: str, *, path: str) -> Archive:
    """Give a path's stat and its tar.

    The archive's names begin with the last part of the path; `dir/.` packs what is in dir.
    """
    container = find.container(engine, ref)
    shown = f"{path} in container {ref}"
    described = await engine.threads.disk(
        root_of(engine, container).use, lambda root_fd: stat_below(root_fd, path, shown)
    )
    root = root_of(engine, container)

    def work(put: Put) -> None:
        root.use(lambda root_fd: pack(root_fd, path, shown, put))

    engine.events.container(container, "archive-path")
    return Archive(described, produce(engine.threads, work))


def pack(root_fd: int, path: str, shown: str, put: Put) -> None:
    """Pack one path below a root."""
    packer = Packer(put)
    whole = paths.clean(path)
    only_contents = path.endswith("/.") or whole == "/"
    if only_contents or path.endswith("/"):
        whole = paths.follow(root_fd, whole)
    place = paths.find(root_fd, whole, shown)
    try:
        label = "." if only_contents else place.name
        status = os.stat(place.name, dir_fd=place.parent, follow_symlinks=False)
        packer.one(label, place.parent, place.name, status)
        if stat.S_ISDIR(status.st_mode):
            below = open_directory(place.name, place.parent)
            try:
                packer.tree(below, f"{label}/")
            finally:
                os.close(below)
    finally:
        os.close(place.parent)
    packer.end()
