"""Where a command writes: descriptors 1 and 2, whole and at once.

Text goes out in UTF-8 whatever the locale says, as Go's does. Layout is
sampan.cli.format's business.
"""

from __future__ import annotations

import os

from sampan.cli.load import load


class Output:
    """One descriptor to write to."""

    __slots__ = ("fd",)

    def __init__(self, fd: int) -> None:
        self.fd = fd

    def write(self, data: str | bytes | memoryview) -> None:
        """Write all of it."""
        if isinstance(data, str):
            data = data.encode("utf-8", "surrogateescape")
        view = memoryview(data)
        while view:
            try:
                view = view[os.write(self.fd, view) :]
            except BlockingIOError:
                # The descriptor is shared, and whoever shares it made it non-blocking.
                select = load("select")
                poll = select.poll()
                poll.register(self.fd, select.POLLOUT)
                poll.poll()

    def line(self, text: str) -> None:
        """Write one line."""
        self.write(f"{text}\n")

    def is_terminal(self) -> bool:
        """Tell whether somebody is looking."""
        return os.isatty(self.fd)

    def size(self) -> tuple[int, int]:
        """Return columns and rows; (0, 0) when this is no terminal."""
        try:
            return tuple(os.get_terminal_size(self.fd))  # type: ignore[return-value]
        except OSError:
            return 0, 0
