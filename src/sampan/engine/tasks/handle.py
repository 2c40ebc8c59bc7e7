"""One running program (a container's or an exec's) as the daemon sees it: its monitor's talk.

The life of a handle is that of sampan.runtime.messages: created, ready, started, exited; or
failed. What an exit means for the container is not decided here.
"""

import asyncio
import os
import select
import signal
import socket
from collections.abc import Callable
from typing import Any, NamedTuple

from sampan.engine.tasks.channel import Channel, Message
from sampan.errors import Conflict, StartFailed
from sampan.runtime import messages


class Exit(NamedTuple):
    """How a program ended."""

    exit_code: int
    oom: bool
    at: str  # "" when nobody saw it


LOST = Exit(exit_code=137, oom=False, at="")


class Handle:
    """The daemon's end of one monitor."""

    def __init__(self, sock: socket.socket, on_lost: Callable[[], Exit]) -> None:
        loop = asyncio.get_running_loop()
        self.pid = 0
        self.pidfd = -1
        self.started_at = ""
        self.killed = False  # SIGKILL was sent: nothing but its end is to come
        self._on_lost = on_lost
        self.created: asyncio.Future[None] = loop.create_future()
        self.ready: asyncio.Future[None] = loop.create_future()
        self.started: asyncio.Future[str] = loop.create_future()
        self.exited: asyncio.Future[Exit] = loop.create_future()
        for future in (self.created, self.ready, self.started):
            # A failure sets all three, and not everybody waits for each.
            future.add_done_callback(_look_at)
        self._handlers: dict[str, Callable[[Message], None]] = {
            messages.CREATED: self._is_created,
            messages.READY: self._is_ready,
            messages.STARTED: self._is_started,
            messages.FAILED: self._has_failed,
            messages.EXITED: self._has_exited,
            messages.STATE: self._has_state,
        }
        self._channel = Channel(sock, self._received, self._lost)

    # What the daemon says.

    def start(self) -> None:
        """Let the program run."""
        self._channel.send({"op": messages.START})

    def attach(self, stream: socket.socket, *, stdin: bool, stdout: bool, stderr: bool) -> None:
        """Hand a stream over; the monitor serves it from now on."""
        wish = {"op": messages.ATTACH, "stdin": stdin, "stdout": stdout, "stderr": stderr}
        self._channel.send(wish, stream.detach())

    def signal(self, number: int) -> None:
        """Send a signal to the program."""
        self.killed = self.killed or number == signal.SIGKILL
        self._channel.send({"op": messages.SIGNAL, "signal": number})

    def resize(self, rows: int, columns: int) -> None:
        """Tell the size of the terminal."""
        self._channel.send({"op": messages.RESIZE, "rows": rows, "cols": columns})

    def is_alive(self) -> bool:
        """Whether the program's process still runs, by its descriptor and not its number.

        A signal of 0 would also find one that has ended and was not reaped yet.
        """
        if self.pidfd < 0:
            return False
        ended = select.poll()
        ended.register(self.pidfd, select.POLLIN)
        return not ended.poll(0)

    def open_root(self) -> int:
        """Open the root directory that the program sees.

        The number may by now be another process's, on the host: only when the descriptor says
        that the program lived after the opening was it the program's root that was opened.
        """
        gone = Conflict("the container is not running any more")
        try:
            fd = os.open(f"/proc/{self.pid}/root", os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        except OSError as error:
            raise gone from error
        if not self.is_alive():
            os.close(fd)
            raise gone
        return fd

    def forget(self) -> None:
        """Say that the exit is booked, and let go."""
        self._channel.send({"op": messages.FORGET})
        self.close()

    def close(self) -> None:
        """Let go; the monitor lives on."""
        self._channel.close()
        if self.pidfd >= 0:
            os.close(self.pidfd)
            self.pidfd = -1

    # What the monitor says.

    def _received(self, message: Message, fds: list[int]) -> None:
        if fds and self.pidfd < 0:
            self.pidfd = fds.pop(0)
        for fd in fds:
            os.close(fd)
        handler = self._handlers.get(str(message.get("op")))
        if handler is not None:
            handler(message)

    def _is_created(self, message: Message) -> None:
        self.pid = int(message["pid"])
        _settle(self.created, None)

    def _is_ready(self, message: Message) -> None:
        _settle(self.ready, None)

    def _is_started(self, message: Message) -> None:
        self.started_at = str(message.get("at", ""))
        _settle(self.created, None)
        _settle(self.ready, None)
        _settle(self.started, self.started_at)

    def _has_failed(self, message: Message) -> None:
        error = StartFailed(str(message["message"]), int(message["exit_code"]))
        self._fail(error)
        _settle(self.exited, Exit(error.exit_code, oom=False, at=""))

    def _has_exited(self, message: Message) -> None:
        # A program can be over before its start was told.
        _settle(self.started, self.started_at)
        _settle(self.exited, _exit_of(message))

    def _has_state(self, message: Message) -> None:
        self.pid = int(message.get("pid") or 0)
        self.started_at = str(message.get("started_at") or "")
        if "exit_code" in message:
            self._has_exited(message)
        elif message.get("status") == "running":
            self._is_started({"at": self.started_at})

    def _lost(self) -> None:
        """The monitor is gone. It either said how it ended, or left a record, or was killed."""
        if not self.exited.done():
            _settle(self.exited, self._on_lost())
        self._fail(StartFailed("the container's monitor died during the start"))

    def _fail(self, error: StartFailed) -> None:
        for future in (self.created, self.ready, self.started):
            if not future.done():
                future.set_exception(error)


def _settle(future: "asyncio.Future[Any]", value: object) -> None:
    if not future.done():
        future.set_result(value)


def _look_at(future: "asyncio.Future[Any]") -> None:
    if not future.cancelled():
        future.exception()


def _exit_of(message: Message) -> Exit:
    return Exit(int(message["exit_code"]), bool(message.get("oom")), str(message.get("at") or ""))
