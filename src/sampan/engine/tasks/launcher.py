"""The launcher as the daemon's child: started once, started again when it dies."""

import asyncio
import logging
import os
from typing import TYPE_CHECKING

from sampan.engine.tasks.channel import Channel
from sampan.errors import Unavailable
from sampan.runtime import messages, spawn

if TYPE_CHECKING:
    import socket
    import subprocess

    from sampan.engine.tasks.channel import Message

log = logging.getLogger(__name__)


class Launcher:
    """Starts monitors. They outlive it, and it is replaced when it dies."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._channel: Channel | None = None
        self._closing = False

    def start(self) -> None:
        """Start the launcher process."""
        self._process, ours = spawn.start_launcher()
        self._channel = Channel(ours, _ignore, self._lost)

    @property
    def pid(self) -> int:
        """The launcher's pid; 0 when there is none."""
        return self._process.pid if self._process is not None else 0

    def create(self, directory: str, control: "socket.socket") -> None:
        """Ask for a monitor of the task in directory, which speaks on control."""
        self._send({"op": messages.CREATE, "dir": directory}, control.detach())

    def exec(self, directory: str, task: str, control: "socket.socket", pidfd: int) -> None:
        """Ask for a monitor of the exec in directory, in the container behind pidfd."""
        wish = {"op": messages.EXEC, "dir": directory, "task": task}
        self._send(wish, control.detach(), pidfd)

    def _send(self, message: "Message", *fds: int) -> None:
        if self._channel is None or self._channel.closed:
            for fd in fds:
                os.close(fd)
            raise Unavailable("the launcher is not running")
        self._channel.send(message, *fds)

    def _lost(self) -> None:
        """The launcher died: what it was asked for fails by itself, the next needs a new one."""
        process, self._process, self._channel = self._process, None, None
        if self._closing:
            return
        code = process.wait() if process is not None else None
        log.error("the launcher died (%s); starting another", code)
        # Not at once, or a launcher that cannot start would keep the daemon busy.
        asyncio.get_running_loop().call_later(0.1, self._again)

    def _again(self) -> None:
        if not self._closing:
            self.start()

    def close(self) -> None:
        """End the launcher; its monitors live on."""
        self._closing = True
        if self._channel is not None:
            self._channel.close()
        if self._process is not None:
            self._process.wait()


def _ignore(message: "Message", fds: list[int]) -> None:
    """The launcher answers nothing."""
