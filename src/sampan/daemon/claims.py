"""What one daemon may hold alone: its roots and its pidfile. Two daemons on one root are refused.

Locks are flock(2) on open descriptors, so they end with the process however it ends; what a
stale file says is never believed.
"""

import fcntl
import os

from sampan.base.data_root import DataRoot
from sampan.base.run_root import RunRoot


class Claimed(Exception):
    """Another daemon holds it; the text names both."""


class Claims:
    """The locks of one daemon."""

    def __init__(self) -> None:
        self._held: list[int] = []
        self._pidfile = ""

    def roots(self, data: DataRoot, run: RunRoot) -> None:
        """Make the roots' directories and hold them."""
        for path, mode in ((data.path, 0o710), (run.path, 0o711)):
            os.makedirs(path, exist_ok=True)
            os.chmod(path, mode)
            fd = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
            self._hold(fd, f"root {path}")

    def pidfile(self, path: str) -> None:
        """Write our pid to a file and hold it."""
        os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
        fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        self._hold(fd, f"pid file {path}")
        os.ftruncate(fd, 0)
        os.write(fd, f"{os.getpid()}\n".encode())
        self._pidfile = path

    def _hold(self, fd: int, name: str) -> None:
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = _holder(fd)
            os.close(fd)
            raise Claimed(f"{name} is in use by another sampand{holder}") from None
        self._held.append(fd)

    def release(self) -> None:
        """Give everything back."""
        if self._pidfile:
            os.unlink(self._pidfile)
            self._pidfile = ""
        while self._held:
            os.close(self._held.pop())


def _holder(fd: int) -> str:
    """Who holds a lock, from /proc/locks; "" when it cannot be told."""
    stat = os.fstat(fd)
    place = f"{os.major(stat.st_dev):02x}:{os.minor(stat.st_dev):02x}:{stat.st_ino}"
    try:
        with open("/proc/locks", encoding="ascii") as lines:
            for line in lines:
                words = line.split()
                if place in words and "FLOCK" in words and "->" not in words:
                    return f" (process {words[4]})"
    except OSError:
        return ""
    return ""
