"""A poll loop: descriptors, deadlines, dead children. Small, because every container has one."""

import os
import select
import signal
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

READ = select.POLLIN
WRITE = select.POLLOUT
GONE = select.POLLHUP | select.POLLERR


class Loop:
    """Calls back when a descriptor is ready, a deadline is past, or a child has ended."""

    __slots__ = ("_callbacks", "_deadlines", "_poll", "_wakeup", "on_child", "running")

    def __init__(self) -> None:
        self._poll = select.poll()
        self._callbacks: dict[int, Callable[[int], None]] = {}
        self._deadlines: dict[Callable[[], None], float] = {}
        self._wakeup = -1
        self.on_child: Callable[[], None] | None = None
        self.running = True

    def watch(self, fd: int, events: int, callback: "Callable[[int], None]") -> None:
        """Call callback(events) whenever fd is ready; again to change events."""
        self._poll.register(fd, events)
        self._callbacks[fd] = callback

    def forget(self, fd: int) -> None:
        """Stop watching fd, if it is watched."""
        if self._callbacks.pop(fd, None):
            self._poll.unregister(fd)

    def call_at(self, moment: float, callback: "Callable[[], None]") -> None:
        """Call callback once at a moment of the monotonic clock; replaces an earlier one."""
        self._deadlines[callback] = moment

    def catch_children(self) -> None:
        """Call on_child after SIGCHLD, from the loop and never between two bytecodes.

        The launcher has given the signal a handler that does nothing, or it would wake nobody.
        """
        self._wakeup, writing = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
        self.watch(self._wakeup, READ, self._woken)

    def _woken(self, _: int) -> None:
        os.read(self._wakeup, 64)
        if self.on_child:
            self.on_child()

    def run(self) -> None:
        """Serve until running is false."""
        while self.running:
            self.step()

    def step(self) -> None:
        """Wait for something and serve it."""
        for fd, events in self._poll.poll(self._patience()):
            # An earlier callback of this round may have closed it.
            callback = self._callbacks.get(fd)
            if callback:
                callback(events)
        if self._deadlines:
            now = time.monotonic()
            for due in [each for each, moment in self._deadlines.items() if moment <= now]:
                del self._deadlines[due]
                due()

    def _patience(self) -> float | None:
        if not self._deadlines:
            return None
        return max(0.0, (min(self._deadlines.values()) - time.monotonic()) * 1000 + 1)

