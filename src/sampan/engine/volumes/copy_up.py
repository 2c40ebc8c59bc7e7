"""An empty volume takes over what the image has at its place, when a container is created."""

import os

from sampan.engine.stores import Stores
from sampan.linux.flags import RESOLVE_IN_ROOT, RESOLVE_NO_MAGICLINKS
from sampan.linux.openat2 import openat2
from sampan.schema.mount import MountPoint
from sampan.storage import rootfs
from sampan.storage.copying import Copier


async def copy_up(engine: Stores, chain: str | None, points: list[MountPoint]) -> None:
    """Fill the volumes that are empty from the image's layers."""
    if chain is None or not points:
        return
    empty = [point for point in points if not os.listdir(point.source)]
    if empty:
        await engine.threads.disk(_fill, engine, chain, empty)


def _fill(engine: Stores, chain: str, points: list[MountPoint]) -> None:
    rootfs.view(engine.snapshots.view(chain), lambda root_fd: _fill_from(root_fd, points))


def _fill_from(root_fd: int, points: list[MountPoint]) -> None:
    for point in points:
        try:
            source = openat2(
                root_fd,
                point.destination.lstrip("/"),
                os.O_RDONLY | os.O_DIRECTORY,
                0,
                RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS,
            )
        except (FileNotFoundError, NotADirectoryError):
            continue
        target = os.open(point.source, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        Copier(link=False).copy(source, target)
