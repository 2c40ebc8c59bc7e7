"""Owners of background work: every asyncio task belongs to one, and ends with it.

An asyncio.TaskGroup ends all its children when one fails. Background work of a daemon (one
watcher per container) must not: here a failure is logged with its name and stays alone.
"""

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any

log = logging.getLogger(__name__)


class Tasks:
    """A set of running tasks with one owner."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._running: set[asyncio.Task[Any]] = set()

    def start(self, work: Coroutine[Any, Any, Any], *, name: str) -> asyncio.Task[Any]:
        """Run work in the background until it is done or the owner closes."""
        task = asyncio.get_running_loop().create_task(work, name=f"{self._name}: {name}")
        self._running.add(task)
        task.add_done_callback(self._done)
        return task

    def _done(self, task: "asyncio.Task[Any]") -> None:
        self._running.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("%s failed", task.get_name(), exc_info=error)

    async def idle(self) -> None:
        """Wait until nothing is running."""
        while self._running:
            await asyncio.wait(self._running)

    async def close(self) -> None:
        """Cancel everything and wait for it to end."""
        while self._running:
            for task in self._running:
                task.cancel()
            await asyncio.wait(self._running)
