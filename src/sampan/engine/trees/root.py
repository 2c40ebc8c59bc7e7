"""The root directory of a container, running or not, as a descriptor for a thread to work with.

A running container's is reached through its first process: what it sees is what counts, volumes
and tmpfs included. That of a stopped one is mounted for the moment, with its volumes.
"""

import os
from collections.abc import Callable
from typing import TypeVar

from sampan.engine.stores import Stores
from sampan.state.containers import Container
from sampan.storage import rootfs
from sampan.storage.driver import Mount

T = TypeVar("T")


def with_root(
    engine: Stores, container: Container, fn: Callable[[int], T], *, volumes: bool = True
) -> Callable[[], T]:
    """Return a call that runs fn with the root's descriptor. For a thread."""
    live = engine.live(container.id)
    if live.handle is not None and live.handle.pid:
        pid = live.handle.pid
        return lambda: _running(pid, fn)
    mounts = list(engine.snapshots.mounts(container.id))
    if volumes:
        mounts += [
            Mount("bind", point.source, point.destination, _options(rw=point.rw))
            for point in sorted(container.mounts, key=lambda each: each.destination.count("/"))
            if point.type in {"volume", "bind"} and os.path.exists(point.source)
        ]
    return lambda: rootfs.view(mounts, fn)


def _options(*, rw: bool) -> list[str]:
    return ["rbind", "rprivate"] if rw else ["rbind", "rprivate", "ro"]


def _running(pid: int, fn: Callable[[int], T]) -> T:
    root_fd = os.open(f"/proc/{pid}/root", os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        return fn(root_fd)
    finally:
        os.close(root_fd)


def covered(engine: Stores, container: Container) -> frozenset[str]:
    """Return the places where something else is mounted in a running container, relative.

    They are no part of its own file system: `export` shows what is below them as empty.
    """
    live = engine.live(container.id)
    if live.handle is None or not live.handle.pid:
        return frozenset()
    found = set()
    with open(f"/proc/{live.handle.pid}/mountinfo", encoding="utf-8", errors="replace") as lines:
        for line in lines:
            place = line.split(" ")[4]
            found.add(_unescape(place).strip("/"))
    found.discard("")
    return frozenset(found)


def _unescape(text: str) -> str:
    for code in ("040", "011", "012", "134"):
        text = text.replace(f"\\{code}", chr(int(code, 8)))
    return text
