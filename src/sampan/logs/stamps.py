"""The time of an entry as text: RFC 3339, UTC, nine digits, so that text order is time order.

Knows the clock only as a number of nanoseconds; the writer asks for it once per chunk.
"""

import time


class Stamps:
    """Renders nanoseconds since the epoch, remembering the second it rendered last."""

    __slots__ = ("_second", "_text")

    def __init__(self) -> None:
        self._second = -1
        self._text = b""

    def render(self, nanoseconds: int) -> bytes:
        """Return e.g. 2024-05-01T12:00:00.000000001Z."""
        second, fraction = divmod(nanoseconds, 1_000_000_000)
        if second != self._second:
            self._second = second
            self._text = time.strftime("%Y-%m-%dT%H:%M:%S.", time.gmtime(second)).encode()
        return b"%b%09dZ" % (self._text, fraction)
