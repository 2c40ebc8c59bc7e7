"""An attached session: the user's descriptors on one side, a hijacked connection on the other.

Puts together the pump, the terminal and the frames; run, start, attach and exec are its
users. What the container is, and what its end means, is theirs.
"""

from __future__ import annotations

import os

from sampan.cli.errors import CommandError
from sampan.cli.terminal import Raw
from sampan.client.frames import STDERR, Frames
from sampan.client.keys import Watch
from sampan.client.keys import parse as parse_keys
from sampan.client.pump import Pump

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from sampan.cli.context import Context
    from sampan.cli.proxy import Window
    from sampan.client.api import Hijacked

STDIN = 0


class Session:
    """Which of the user's descriptors take part, and whether there is a terminal."""

    def __init__(
        self,
        context: Context,
        *,
        stdin: bool,
        stdout: bool = True,
        stderr: bool = True,
        tty: bool = False,
        detach_keys: str = "",
    ) -> None:
        self._context = context
        self.stdin = stdin
        self.stdout = stdout
        self.stderr = stderr
        self.tty = tty
        self.keys = parse_keys(detach_keys)

    def run(self, stream: Hijacked, window: Window | None = None) -> bool:
        """Stay until the stream ends; False when the user detached."""
        wanted = self.stdout or self.stderr
        take: Callable[[bytes], None] | None = None
        if wanted:
            take = self._context.out.write if self.tty else Frames(self._write).feed
        raw = self.stdin and self.tty and os.isatty(STDIN)
        pump = Pump(
            stream,
            take,
            stdin=STDIN if self.stdin else None,
            keys=Watch(self.keys) if raw else None,
        )
        if window is not None:
            window.start()
            pump.idle = window.retry
            pump.pause = 0 if window.tell() is False else -1
        if not raw:
            return pump.run()
        with Raw(STDIN):
            return pump.run()

    def _write(self, stream: int, data: bytes) -> None:
        if stream == STDERR:
            if self.stderr:
                self._context.err.write(data)
        elif self.stdout:
            self._context.out.write(data)


def check_terminal(*, stdin: bool, tty: bool) -> None:
    """Refuse -it without a terminal, before anything has been started."""
    if stdin and tty and not os.isatty(STDIN):
        raise CommandError("the input device is not a TTY")
