"""Waiting for the kernel to finish something it gives no event for, for a bounded time."""

import select
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

FIRST = 0.1
LONGEST = 20.0


def wait_until(condition: "Callable[[], bool]", seconds: float) -> bool:
    """Look again and again, more and more seldom; return whether it came true in time."""
    deadline = time.monotonic() + seconds
    pause = FIRST
    poll = select.poll()
    while not condition():
        if time.monotonic() > deadline:
            return False
        # v1 has no notification for a frozen group or the last exit; a few tenths of a
        # millisecond are usually enough.
        poll.poll(pause)
        pause = min(pause * 1.5, LONGEST)
    return True
