"""Saying once that a log cannot be written, without stopping anything."""

import os


class Trouble:
    """Counts what was lost and speaks on the first loss after each good write."""

    __slots__ = ("_path", "_quiet", "lost")

    def __init__(self, path: str) -> None:
        self._path = path
        self._quiet = False
        self.lost = 0

    def note(self, error: OSError, size: int) -> None:
        """Record that `size` bytes of output went nowhere."""
        self.lost += size
        if self._quiet:
            return
        self._quiet = True
        text = f"sampan: cannot write log {self._path}: {error.strerror}; output is being lost\n"
        try:
            # The monitor's standard error: the daemon's own log.
            os.write(2, text.encode())
        except OSError:
            # Nobody left to tell; the container goes on.
            return

    def over(self) -> None:
        """Record that writing works (again)."""
        self._quiet = False
