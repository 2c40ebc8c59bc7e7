"""A container's whole file system as a tar stream."""

from collections.abc import AsyncIterator

from sampan.engine import find
from sampan.engine.bridges import Put, produce
from sampan.engine.engine import Engine
from sampan.engine.trees.pack import Packer
from sampan.engine.trees.root import covered, root_of


async def export(engine: Engine, ref: str) -> AsyncIterator[bytes]:
    """Give the tar in chunks."""
    container = find.container(engine, ref)
    hidden = covered(engine, container)
    root = root_of(engine, container, volumes=False)

    def work(put: Put) -> None:
        def pack(root_fd: int) -> None:
            packer = Packer(put)
            packer.tree(root_fd, "", hidden)
            packer.end()

        root.use(pack)

    engine.events.container(container, "export")
    return produce(engine.threads, work)
