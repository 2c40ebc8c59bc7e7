"""/dev/shm of a container that others may join (`--ipc shareable`): a tmpfs on the host.

Every other container has its own tmpfs inside its mount namespace, where nothing is left behind.
This one must be visible to two namespaces, as with Docker, and is unmounted at the end.
"""

import os
from contextlib import suppress

from sampan.engine.lifecycle import bundle
from sampan.engine.stores import Stores
from sampan.linux import mounts
from sampan.linux.flags import MNT_DETACH, MS_NODEV, MS_NOEXEC, MS_NOSUID
from sampan.state.containers import Container


async def mount(engine: Stores, container: Container) -> None:
    """Mount it, when this container has one."""
    if container.host_config.ipc_mode == "shareable":
        size = container.host_config.shm_size or engine.options.default_shm_size
        await engine.threads.disk(_mount, bundle.shm_path(engine, container), size)


def _mount(path: str, size: int) -> None:
    os.makedirs(path, mode=0o700, exist_ok=True)
    flags = MS_NOSUID | MS_NODEV | MS_NOEXEC
    mounts.mount("shm", path, "tmpfs", flags, f"mode=1777,size={size}")


async def unmount(engine: Stores, container: Container) -> None:
    """Unmount it, when this container has one."""
    if container.host_config.ipc_mode == "shareable":
        await engine.threads.disk(unmount_path, bundle.shm_path(engine, container))


def unmount_path(path: str) -> None:
    """Unmount what may be mounted there."""
    # EINVAL: not mounted, ENOENT: never made.
    with suppress(OSError):
        mounts.umount2(path, MNT_DETACH)
