"""Stepping into another network namespace with the calling thread, and back.

Only the thread moves: other threads, open sockets and descriptors stay where they are. A
socket opened inside keeps speaking to that namespace after the thread has returned, and
/proc/sys/net shows the namespace of whoever opens it.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from sampan.linux.flags import CLONE_NEWNET
from sampan.linux.namespaces import setns


def open_current() -> int:
    """Return a descriptor of the calling thread's network namespace."""
    return os.open("/proc/thread-self/ns/net", os.O_RDONLY | os.O_CLOEXEC)


@contextmanager
def entered(fd: int) -> Iterator[None]:
    """Run the body inside a network namespace, given as namespace descriptor or pidfd.

    A pidfd names the namespaces of its process (setns(2), Linux 5.8) and, unlike a number
    in /proc, cannot come to mean another process.
    """
    home = open_current()
    try:
        setns(fd, CLONE_NEWNET)
        try:
            yield
        finally:
            setns(home, CLONE_NEWNET)
    finally:
        os.close(home)
