"""Ends that a signal would have made: a closed pipe, Ctrl-C. Loaded only when they happen.

A shell tells `killed by SIGPIPE` from `exit 1`, so the process ends by the signal itself.
"""

from __future__ import annotations

import _signal
import os


def broken_pipe() -> int:
    """Whoever read our output is gone: end as SIGPIPE ends everyone else."""
    return _by(_signal.SIGPIPE)


def interrupted() -> int:
    """Ctrl-C outside of a container's stream."""
    return _by(_signal.SIGINT)


def _by(number: int) -> int:
    _signal.signal(number, _signal.SIG_DFL)
    os.kill(os.getpid(), number)
    return 128 + number
