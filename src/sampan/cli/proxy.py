"""Signals of the command passed on to the container, and the terminal's size with them.

Handlers run in the main thread between two steps of whatever it does, and talk to the
daemon over a connection of their own: the command's may be in the middle of an answer.
"""

from __future__ import annotations

import _signal

from sampan.cli.errors import Exit
from sampan.client.url import segment
from sampan.errors import SampanError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import FrameType

    from sampan.cli.context import Context

NAMES = {
    int(getattr(_signal, name)): name.removeprefix("SIG")
    # Backwards, so that of two names of a number the first in the alphabet stays: ABRT, CHLD.
    for name in sorted(dir(_signal), reverse=True)
    if name.startswith("SIG") and "_" not in name and name not in {"SIGRTMIN", "SIGRTMAX"}
}
# Never passed on: what our own children and sockets cause, what cannot be caught, what would
# be a fault of ours, and the terminal's size, which goes its own way.
KEPT = frozenset(
    ("CHLD", "PIPE", "KILL", "STOP", "WINCH", "SEGV", "BUS", "FPE", "ILL", "PROF", "VTALRM")
)
# So many Ctrl-C end the command even when the container ignores them (docker does so too).
PATIENCE = 3


class Proxy:
    """Passes every signal that we get on to one container."""

    def __init__(self, context: Context, container: str) -> None:
        self._client = context.client.another()
        self._path = f"/containers/{segment(container)}/kill"
        self._impatience = 0
        self._old: dict[int, object] = {}

    def start(self) -> None:
        """Take over the signals."""
        for number, name in NAMES.items():
            if name not in KEPT:
                self._old[number] = _signal.signal(number, self._pass_on)

    def stop(self) -> None:
        """Give the signals back."""
        for number, handler in self._old.items():
            _signal.signal(number, handler)
        self._old.clear()

    def _pass_on(self, number: int, _frame: FrameType | None) -> None:
        if number in {_signal.SIGINT, _signal.SIGTERM}:
            self._impatience += 1
            if self._impatience >= PATIENCE:
                raise Exit(1)
        try:
            self._client.post(self._path, {"signal": NAMES[number]})
        except SampanError:
            return  # it has ended meanwhile, or the daemon has, which the stream will tell


class Window:
    """Keeps the size of a container's terminal that of ours."""

    # Attempts and pauses: an exec's process may not be there when its stream already is.
    TRIES = 10
    PAUSE = 10

    def __init__(self, context: Context, path: str) -> None:
        self._client = context.client.another()
        self._out = context.out
        self._path = path
        self._tried = 0

    def start(self) -> None:
        """Tell the size now, and again whenever it changes."""
        _signal.signal(_signal.SIGWINCH, self._changed)

    def tell(self) -> bool:
        """Tell the size; False when the daemon could not use it yet."""
        columns, rows = self._out.size()
        if not columns and not rows:
            return True
        try:
            self._client.post(self._path, {"h": rows, "w": columns})
        except SampanError:
            return False
        return True

    def retry(self) -> int:
        """Try once more; return the next pause in milliseconds, -1 for no more."""
        self._tried += 1
        if self.tell() or self._tried >= self.TRIES:
            return -1
        return self.PAUSE * self._tried

    def _changed(self, _number: int, _frame: FrameType | None) -> None:
        self.tell()
