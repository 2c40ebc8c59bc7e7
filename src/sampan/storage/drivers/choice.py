"""Which driver a data root gets: overlay where it works, vfs where it does not, saying why."""

import logging
import os
from collections.abc import Callable

from sampan.base.data_root import DataRoot
from sampan.errors import InvalidRequest
from sampan.storage import rootfs, tree
from sampan.storage.driver import Mount, SnapshotDriver
from sampan.storage.drivers.overlay import OPTIONS, Overlay
from sampan.storage.drivers.vfs import Vfs

log = logging.getLogger(__name__)

# dockerd's name for the same thing.
_NAMES: dict[str, Callable[[DataRoot], SnapshotDriver]] = {
    "overlay": Overlay,
    "overlay2": Overlay,
    "vfs": Vfs,
}


def choose(data_root: DataRoot, wanted: str = "") -> SnapshotDriver:
    """Open the driver that was asked for, or the best one that works here."""
    if wanted:
        if wanted not in _NAMES:
            raise InvalidRequest(f"unknown storage driver {wanted}: there are overlay2 and vfs")
        return _NAMES[wanted](data_root)
    reason = overlay_refusal(data_root)
    if not reason:
        return Overlay(data_root)
    log.warning(
        "overlay does not work on %s (%s): using the vfs storage driver, which copies every"
        " layer and needs more room and time",
        data_root.path,
        reason,
    )
    return Vfs(data_root)


def overlay_refusal(data_root: DataRoot) -> str:
    """Try an overlay below the data root; return the kernel's reason when it refuses."""
    place = f"{data_root.tmp}/overlay-{os.urandom(4).hex()}"
    directories = {name: f"{place}/{name}" for name in ("lower", "upper", "work")}
    for path in directories.values():
        os.makedirs(path)
    try:
        options = [f"{name}dir={path}" for name, path in directories.items()]
        rootfs.view([Mount("overlay", "overlay", "", options + OPTIONS)], _try)
    except OSError as error:
        return error.strerror or str(error)
    finally:
        tree.remove(place)
    return ""


def _try(root_fd: int) -> None:
    """Make and delete something: an upper directory without whiteouts only fails then."""
    os.mkdir("probe", dir_fd=root_fd)
    os.rmdir("probe", dir_fd=root_fd)
