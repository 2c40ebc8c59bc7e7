"""Waiting for more of a log: a file of it changed, or the container came to an end."""

import asyncio
import os
from collections.abc import Iterable
from contextlib import suppress
from types import TracebackType

from sampan.linux.inotify import (
    IN_CREATE,
    IN_MODIFY,
    IN_MOVED_TO,
    inotify_add_watch,
    inotify_init1,
)


class Changes:
    """An event that files set. Whoever else has news calls wake()."""

    def __init__(self, directories: Iterable[str]) -> None:
        self._directories = list(directories)
        self._event = asyncio.Event()
        self._fd = -1

    def __enter__(self) -> "Changes":
        """Watch from now on."""
        self._fd = inotify_init1()
        for directory in self._directories:
            inotify_add_watch(self._fd, directory, IN_MODIFY | IN_CREATE | IN_MOVED_TO)
        asyncio.get_running_loop().add_reader(self._fd, self._readable)
        return self

    def _readable(self) -> None:
        with suppress(BlockingIOError):
            os.read(self._fd, 65536)
        self._event.set()

    def wake(self) -> None:
        """Say that there may be news."""
        self._event.set()

    async def wait(self) -> None:
        """Wait for news since the last wait."""
        await self._event.wait()
        self._event.clear()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop watching."""
        asyncio.get_running_loop().remove_reader(self._fd)
        os.close(self._fd)
        self._fd = -1
