"""Output as it is read back: lines, and runs of lines."""

from typing import NamedTuple


class Entry(NamedTuple):
    """A line, or a piece of a long one."""

    stream: int  # 1 stdout, 2 stderr
    time: str  # RFC 3339, nine digits, UTC
    line: bytes  # with its newline, if it had one
    attrs: bytes = b""  # the log's attributes as a JSON object, b"" when there are none


class Run(NamedTuple):
    """Lines of one stream that were written at one time: what one chunk brought.

    Who reads a hundred megabytes handles runs, not lines.
    """

    stream: int
    time: str
    text: bytes  # whole lines, or one piece of a line without a newline
    attrs: bytes = b""

    def entries(self) -> list[Entry]:
        """Take it apart."""
        stream, time, text, attrs = self
        lines = text.split(b"\n")
        last = lines.pop()
        entries = [Entry(stream, time, line + b"\n", attrs) for line in lines]
        if last:
            entries.append(Entry(stream, time, last, attrs))
        return entries
