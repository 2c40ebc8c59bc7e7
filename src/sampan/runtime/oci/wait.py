"""Waiting for a process by its descriptor, and passing signals on meanwhile."""

import os
import select
import signal
from contextlib import suppress

from sampan.linux.pidfd import pidfd_send_signal

# Not passed on: they are about us, or cannot be caught.
OURS = {
    signal.SIGKILL, signal.SIGSTOP, signal.SIGCHLD, signal.SIGPIPE, signal.SIGWINCH,
    signal.SIGURG, signal.SIGTSTP, signal.SIGTTIN, signal.SIGTTOU, signal.SIGCONT,
    signal.SIGSEGV, signal.SIGBUS, signal.SIGFPE, signal.SIGILL, signal.SIGTRAP, signal.SIGABRT,
}  # fmt: skip


def wait_for_end(pidfd: int, timeout: float = 10.0) -> None:
    """Wait until the process has ended; TimeoutError when it does not."""
    poll = select.poll()
    poll.register(pidfd, select.POLLIN)
    if not poll.poll(timeout * 1000):
        raise TimeoutError("the container does not end")


def pass_signals_to(pidfd: int) -> None:
    """Pass the signals that we get to the process."""

    def deliver(number: int, _: object) -> None:
        with suppress(ProcessLookupError):
            pidfd_send_signal(pidfd, number)

    for number in signal.valid_signals() - OURS:
        with suppress(OSError, ValueError):
            signal.signal(number, deliver)


def reap(pid: int) -> int:
    """Wait for our own child and what else becomes ours; return the child's exit code."""
    while True:
        found, status = os.waitpid(-1, 0)
        if found == pid:
            code = os.waitstatus_to_exitcode(status)
            return code if code >= 0 else 128 - code
