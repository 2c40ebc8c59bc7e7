"""One line of output as it is read back."""

from typing import NamedTuple


class Entry(NamedTuple):
    """A line, or a piece of a long one."""

    stream: int  # 1 stdout, 2 stderr
    time: str  # RFC 3339, nine digits, UTC
    line: bytes  # with its newline, if it had one
    attrs: bytes = b""  # the log's attributes as a JSON object, b"" when there are none
