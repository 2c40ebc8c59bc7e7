"""Where synchronous rooms do their work, away from the event loop.

await threads.disk(fn, ...)    a pool: files, layers, archives
await threads.net(fn, ...)     one thread, in order: the network room does not lock
"""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import ParamSpec, TypeVar, cast

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

    async def alone(self, fn: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run fn in a new thread: a slow client must not use up the pool."""
        loop = asyncio.get_running_loop()
        done: asyncio.Future[T] = loop.create_future()

        def settle(result: T | None, error: BaseException | None) -> None:
            if done.cancelled():
                return
            if error is not None:
                done.set_exception(error)
            else:
                done.set_result(cast("T", result))

        def run() -> None:
            try:
                result = fn(*args, **kwargs)
            except BaseException as error:  # noqa: BLE001 - raised again where it is awaited
                loop.call_soon_threadsafe(settle, None, error)
            else:
                loop.call_soon_threadsafe(settle, result, None)

        threading.Thread(target=run, name="sampan-stream", daemon=True).start()
        return await done

    def close(self) -> None:
        """Wait for what is running and end the threads."""
        self._disk.shutdown()
        self._net.shutdown()
