"""Progress of long work (load, pull, import, bootstrap): bars on a terminal, lines elsewhere.

The daemon sends JSON messages: an id has a line of its own that changes, a status without
id is said once, `stream` is text to pass on, `error` ends it all. Escape sequences of ours
are enough for that; the command line needs no library for it.
"""

from __future__ import annotations

from sampan.cli.errors import CommandError
from sampan.cli.format.units import size

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any

    from sampan.cli.output import Output

    Message = dict[str, Any]

WIDTH = 50


class Screen:
    """Lines by id, redrawn in place."""

    def __init__(self, out: Output) -> None:
        self._out = out
        self._terminal = out.is_terminal()
        self._columns = out.size()[0] or 80
        self._rows: dict[str, int] = {}
        self._said: dict[str, str] = {}

    def take(self, message: Message) -> None:
        """Show one message; CommandError when it is the daemon's failure."""
        failure = message.get("errorDetail") or message.get("error")
        if failure:
            text = failure.get("message", "") if isinstance(failure, dict) else str(failure)
            raise CommandError(text)
        if "stream" in message:
            self._out.write(str(message["stream"]))
            return
        identity = str(message.get("id") or "")
        progress = bar(message.get("progressDetail") or {}, self._columns)
        status = str(message.get("status", ""))
        if not self._terminal:
            self._plain(identity, status, counts=bool(progress))
        elif identity:
            self._in_place(identity, f"{identity}: {status} {progress}".rstrip())
        elif status:
            self._rows.clear()
            self._out.line(status)

    def _plain(self, identity: str, status: str, *, counts: bool) -> None:
        """One line for each thing that begins or ends; numbers in between are left out."""
        if counts or not status or (identity and self._said.get(identity) == status):
            return
        self._said[identity] = status
        self._out.line(f"{identity}: {status}" if identity else status)

    def _in_place(self, identity: str, text: str) -> None:
        line = text[: self._columns - 1]
        if identity not in self._rows:
            self._rows[identity] = len(self._rows)
            self._out.line(line)
            return
        up = len(self._rows) - self._rows[identity]
        self._out.write(f"\x1b[{up}A\r\x1b[2K{line}\x1b[{up}B\r")


class Meter:
    """How much of a file has been sent, on a terminal; silent elsewhere."""

    # Redrawn after so many bytes, not after each piece.
    STEP = 1 << 22

    def __init__(self, out: Output, title: str, total: int) -> None:
        self._out = out
        self._title = title
        self._total = total
        self._sent = 0
        self._shown = 0
        self._terminal = out.is_terminal() and total > 0
        self._columns = out.size()[0] or 80

    def add(self, count: int) -> None:
        """Say that so many bytes more have been sent."""
        self._sent += count
        if not self._terminal or self._sent - self._shown < self.STEP:
            return
        self._shown = self._sent
        progress = bar({"current": self._sent, "total": self._total}, self._columns)
        self._out.write(f"\r\x1b[2K{self._title} {progress}"[: self._columns + 4])

    def end(self) -> None:
        """Take the line away."""
        if self._shown:
            self._out.write("\r\x1b[2K")


def show(
    out: Output, messages: Iterable[Message], aside: Callable[[Any], None] | None = None
) -> None:
    """Show a whole stream; `aux` documents go to `aside`."""
    screen = Screen(out)
    for message in messages:
        if "aux" in message:
            if aside is not None:
                aside(message["aux"])
        else:
            screen.take(message)


def failure(messages: Iterable[Message]) -> None:
    """Read a stream to its end without showing it; CommandError when it failed."""
    for message in messages:
        if message.get("error"):
            raise CommandError(str(message["error"]))


def bar(detail: Message, columns: int) -> str:
    """Return `[=====>    ]  1.2MB/3.4MB`, or only the numbers when there is no room. Pure."""
    current = detail.get("current") or 0
    total = detail.get("total") or 0
    unit = detail.get("units") or ""
    if not current and not total:
        return ""
    numbers = f"{current}/{total} {unit}" if unit else f"{size(current)}/{size(total)}"
    if total <= 0 or current > total:
        return str(current) if unit else size(current)
    if columns < 110:
        return numbers
    done = min(int(current / total * WIDTH), WIDTH)
    return f"[{'=' * done}>{' ' * (WIDTH - done)}]  {numbers}"
