"""The image's passwd and group, read where they are: in a tree that is not trusted."""

import errno
import os
from contextlib import suppress

from sampan.base import files
from sampan.engine.stores import Stores
from sampan.linux.flags import RESOLVE_IN_ROOT, RESOLVE_NO_MAGICLINKS
from sampan.linux.openat2 import openat2
from sampan.state.containers import Container
from sampan.storage import rootfs
from sampan.storage.driver import Mount

LIMIT = 4 << 20  # larger files are taken for an attack on the daemon's memory
REMEMBERED = 64  # chains; an image's files are a few kilobytes

Accounts = tuple[str, str]


async def read(engine: Stores, container: Container) -> Accounts:
    """Return the texts of /etc/passwd and /etc/group as the container will find them.

    A container that never ran has what its image has, which is remembered.
    """
    if not container.touched and container.chain is not None:
        known = engine.accounts.get(container.chain)
        if known is None:
            mounts = engine.snapshots.view(container.chain)
            known = await engine.threads.disk(_read, mounts)
            if len(engine.accounts) >= REMEMBERED:
                del engine.accounts[next(iter(engine.accounts))]
            engine.accounts[container.chain] = known
        return known
    return await engine.threads.disk(_read, engine.snapshots.mounts(container.id))


def _read(mounts: list[Mount]) -> Accounts:
    return rootfs.view(mounts, read_below)


def read_below(root_fd: int) -> Accounts:
    """Read both files below a root; missing ones and odd ones are empty."""
    return _text(root_fd, "etc/passwd"), _text(root_fd, "etc/group")


def _text(root_fd: int, path: str) -> str:
    # O_NONBLOCK: a FIFO in its place must not hold the daemon up.
    flags = os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC
    try:
        fd = openat2(root_fd, path, flags, 0, RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS)
    except OSError as error:
        if error.errno in {errno.ENOENT, errno.ENOTDIR, errno.ELOOP, errno.EACCES, errno.ENXIO}:
            return ""
        raise
    try:
        if not os.path.isfile(f"/proc/self/fd/{fd}"):
            return ""
        with suppress(ValueError):
            return files.read_fd(fd, LIMIT).decode(errors="surrogateescape")
        return ""
    finally:
        os.close(fd)
