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


class Root:
    """A container's root: opened already, or to be mounted by whoever uses it."""

    def __init__(self, fd: int, mounts: list[Mount]) -> None:
        self._fd = fd
        self._mounts = mounts

    def use(self, fn: Callable[[int], T]) -> T:
        """Run fn with the root's descriptor, once. For a thread."""
        if self._fd < 0:
            return rootfs.view(self._mounts, fn)
        try:
            return fn(self._fd)
        finally:
            self.close()

    def close(self) -> None:
        """Let go of it."""
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1

    def __del__(self) -> None:
        self.close()


def root_of(engine: Stores, container: Container, *, volumes: bool = True) -> Root:
    """Return the root of a container, running or not."""
    handle = engine.live(container.id).handle
    if handle is not None:
        return Root(handle.open_root(), [])
    mounts = list(engine.snapshots.mounts(container.id))
    if volumes:
        mounts += [
            Mount("bind", point.source, point.destination, _options(rw=point.rw))
            for point in sorted(container.mounts, key=lambda each: each.destination.count("/"))
            if point.type in {"volume", "bind"} and os.path.exists(point.source)
        ]
    return Root(-1, mounts)


def _options(*, rw: bool) -> list[str]:
    return ["rbind", "rprivate"] if rw else ["rbind", "rprivate", "ro"]


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
