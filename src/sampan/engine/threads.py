"""Where synchronous rooms do their work, away from the event loop.

await threads.disk(fn, ...)    a pool: files, layers, archives
await threads.net(fn, ...)     one thread, in order: the network room does not lock
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

DISK_THREADS = 16  # they wait for the disk or for libraries that release the GIL


class Threads:
    """The threads of one engine."""

    def __init__(self) -> None:
        self._disk = ThreadPoolExecutor(DISK_THREADS, "sampan-disk")
        self._net = ThreadPoolExecutor(1, "sampan-net")

    async def disk(self, fn: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run fn in the pool."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._disk, partial(fn, *args, **kwargs))

    async def net(self, fn: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run fn in the network thread, after all that was given to it before."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._net, partial(fn, *args, **kwargs))

    def close(self) -> None:
        """Wait for what is running and end the threads."""
        self._disk.shutdown()
        self._net.shutdown()
