"""Unpack a tar stream into a directory of a container."""

from collections.abc import AsyncIterator

from sampan.engine.engine import Engine
from sampan.errors import NotImplemented_


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
    raise NotImplemented_("containers copyin is not there yet")
