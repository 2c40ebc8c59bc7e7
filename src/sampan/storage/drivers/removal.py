"""Removes directories behind the caller's back: the answer does not wait for the last file.

What is handed over has been renamed out of the way already, so a kill in between leaves only what
the next start sweeps up.
"""

import logging
import threading
from collections import deque

from sampan.storage import tree

log = logging.getLogger(__name__)


class Remover:
    """One thread, there only while there is something to remove."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: deque[str] = deque()
        self._thread: threading.Thread | None = None

    def later(self, path: str) -> None:
        """Remove a tree soon; an empty path is nothing."""
        if not path:
            return
        with self._lock:
            self._waiting.append(path)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="sampan-remove", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        while True:
            with self._lock:
                if not self._waiting:
                    self._thread = None
                    return
                path = self._waiting.popleft()
            try:
                tree.remove(path)
            except OSError as error:
                log.warning("%s is left until the next start: %s", path, error)

    def wait_idle(self) -> None:
        """Wait until everything handed over is gone."""
        while (thread := self._thread) is not None:
            thread.join()
