"""The user's terminal: raw while a container has it, and put back on every way out.

Does not move bytes (sampan.client.pump) and does not know containers.
"""

from __future__ import annotations

import _signal
import termios

from sampan.cli.errors import Exit

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import FrameType, TracebackType
    from typing import Any

# Signals that would end us at once and leave the terminal raw.
DEADLY = (_signal.SIGTERM, _signal.SIGHUP, _signal.SIGQUIT, _signal.SIGINT)

_IFLAG, _OFLAG, _CFLAG, _LFLAG, _CC = 0, 1, 2, 3, 6


class Raw:
    """Raw mode as a block.

    Also covers deadly signals that nobody else has taken: they become an exception, which
    passes through the block's end.
    """

    def __init__(self, fd: int) -> None:
        self._fd = fd
        self._saved: list[Any] | None = None
        self._handlers: dict[int, Any] = {}

    def __enter__(self) -> Raw:
        self._saved = termios.tcgetattr(self._fd)
        for number in DEADLY:
            current = _signal.getsignal(number)
            if current in {_signal.SIG_DFL, _signal.default_int_handler}:
                self._handlers[number] = current
                _signal.signal(number, _end)
        termios.tcsetattr(self._fd, termios.TCSANOW, raw(self._saved))
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.restore()

    def restore(self) -> None:
        """Put the terminal back; more than once does no harm."""
        saved, self._saved = self._saved, None
        if saved is None:
            return
        try:
            termios.tcsetattr(self._fd, termios.TCSANOW, saved)
        except termios.error:
            return  # the terminal is gone, and with it what had to be put back
        for number, handler in self._handlers.items():
            _signal.signal(number, handler)


def raw(attributes: list[Any]) -> list[Any]:
    """Return a terminal's settings changed as cfmakeraw(3) does. Pure."""
    changed = [*attributes[:_CC], list(attributes[_CC])]
    changed[_IFLAG] &= ~(
        termios.IGNBRK
        | termios.BRKINT
        | termios.PARMRK
        | termios.ISTRIP
        | termios.INLCR
        | termios.IGNCR
        | termios.ICRNL
        | termios.IXON
    )
    changed[_OFLAG] &= ~termios.OPOST
    changed[_LFLAG] &= ~(
        termios.ECHO | termios.ECHONL | termios.ICANON | termios.ISIG | termios.IEXTEN
    )
    changed[_CFLAG] &= ~(termios.CSIZE | termios.PARENB)
    changed[_CFLAG] |= termios.CS8
    changed[_CC][termios.VMIN] = 1
    changed[_CC][termios.VTIME] = 0
    return changed


def _end(number: int, _frame: FrameType | None) -> None:
    raise Exit(128 + number)
