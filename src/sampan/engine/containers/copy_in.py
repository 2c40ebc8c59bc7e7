"""Unpack a tar stream into a directory of a container."""

import os
import stat
from collections.abc import AsyncIterator

from sampan.engine import find
from sampan.engine.bridges import Upload
from sampan.engine.engine import Engine
from sampan.engine.lifecycle import accounts
from sampan.engine.spec import users
from sampan.engine.trees import paths
from sampan.engine.trees.root import root_of
from sampan.engine.trees.unpack import Owner, Unpacker
from sampan.errors import Forbidden, InvalidRequest
from sampan.linux.openat2 import openat2
from sampan.state.containers import Container


async def copy_in(
    engine: Engine,
    ref: str,
    *,
    path: str,
    body: AsyncIterator[bytes],
    no_overwrite_dir_non_dir: bool = False,
    copy_uid_gid: bool = False,
) -> None:
    """Unpack body below path."""
    container = find.container(engine, ref)
    _check_writable(container, paths.clean(path))
    shown = f"{path} in container {ref}"
    owner: Owner | None = None
    if copy_uid_gid and container.config.user:
        passwd, group = await accounts.read(engine, container)
        user = users.resolve(container.config.user, passwd, group)
        owner = (user.uid, user.gid)
    container.touched = True
    engine.containers.save(container)
    async with Upload(body) as upload:

        def work(root_fd: int) -> None:
            place = _directory(root_fd, path, shown)
            Unpacker(
                root_fd,
                upload,
                place,
                owner=owner,
                keep_kinds=no_overwrite_dir_non_dir,
            ).run()

        await engine.threads.alone(root_of(engine, container).use, work)
    engine.events.container(container, "extract-to-dir")


def _check_writable(container: Container, path: str) -> None:
    """Refuse what the container itself could not write."""
    inside = None
    for point in container.mounts:
        if path == point.destination or path.startswith(f"{point.destination}/"):
            inside = point
    if inside is not None and not inside.rw:
        raise Forbidden("mounted volume is marked read-only")
    if inside is None and container.host_config.readonly_rootfs:
        raise Forbidden("container rootfs is marked read-only")


def _directory(root_fd: int, path: str, shown: str) -> str:
    """Return the true path of the directory to unpack into, relative to the root."""
    try:
        fd = openat2(root_fd, paths.clean(path).lstrip("/") or ".", os.O_PATH, 0, paths.RESOLVE)
    except OSError as error:
        raise paths.refusal(error, shown) from error
    try:
        if not stat.S_ISDIR(os.fstat(fd).st_mode):
            raise InvalidRequest("extraction point is not a directory")
    finally:
        os.close(fd)
    return paths.clean(path).strip("/")
