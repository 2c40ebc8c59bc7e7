"""What is known of a container only while the daemon runs: its lock, its handle, its waiters."""

import asyncio
import socket
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    from sampan.engine.tasks.handle import Handle

NOT_RUNNING = "not-running"
NEXT_EXIT = "next-exit"
REMOVED = "removed"
CONDITIONS = (NOT_RUNNING, NEXT_EXIT, REMOVED)

Waiter = asyncio.Future[dict[str, Any]]


class Pending(NamedTuple):
    """A stream that waits for its container to start."""

    stream: socket.socket
    stdin: bool
    stdout: bool
    stderr: bool


class Live:
    """One container's volatile side."""

    def __init__(self) -> None:
        self.lock = asyncio.Lock()
        self.handle: Handle | None = None
        self.pending: list[Pending] = []
        self.restarting: asyncio.Task[None] | None = None
        self.health: asyncio.Task[None] | None = None
        self.ended = asyncio.Event()  # set while no program runs
        self.ended.set()
        self.on_end: set[Callable[[], None]] = set()  # told of every end
        self.ran_since = 0.0  # loop time of the last start, for the back-off
        self.backoff = 0.0
        self.kept = False  # `restart` ends a program without meaning the end of a --rm container
        self.after_exit: asyncio.Task[None] | None = None
        self._waiters: list[tuple[str, Waiter]] = []

    def end(self) -> None:
        """Say that no program runs any more."""
        self.ended.set()
        for tell in list(self.on_end):
            tell()

    def wait(self, condition: str) -> Waiter:
        """Register a waiter for a condition."""
        waiter: Waiter = asyncio.get_running_loop().create_future()
        self._waiters.append((condition, waiter))
        waiter.add_done_callback(self._forget_waiter)
        return waiter

    def _forget_waiter(self, waiter: Waiter) -> None:
        self._waiters = [each for each in self._waiters if each[1] is not waiter]

    def settle(self, conditions: tuple[str, ...], answer: dict[str, Any]) -> None:
        """Answer all who wait for one of the conditions."""
        for condition, waiter in list(self._waiters):
            if condition in conditions and not waiter.done():
                waiter.set_result(answer)

    def take_pending(self) -> list[Pending]:
        """Take the streams that wait for the start."""
        taken, self.pending = self.pending, []
        return taken

    def drop_pending(self) -> None:
        """End the streams of a start that will not be."""
        for each in self.take_pending():
            each.stream.close()
