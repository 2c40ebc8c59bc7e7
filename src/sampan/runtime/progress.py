"""How a child that becomes a container's program tells its monitor where it stands.

One packet socket. The monitor's one word for a child that was forked ahead of need:
    J<dir>       the task's directory: become that container

The child's words:
    O<path>      the container is to live in another pid namespace than the new one I was born
                 in: that of path, the host's when empty. Fork again; I am leaving
    U            a user namespace was made: write my id maps            (answered by one byte)
    C            namespaces exist, the control group is joined
    T            the terminal's master is beside this packet
    R            the root is built                                      (answered by one byte)
    F...         it failed (sampan.runtime.stages); nothing follows
End of the socket without F: execve succeeded, because the socket is close-on-exec.
"""

import os
from _socket import socket
from contextlib import suppress

from sampan.linux.process import close_range
from sampan.runtime import stages

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import NoReturn

JOB = b"J"
OTHER = b"O"
MAPPED = b"U"
CREATED = b"C"
TERMINAL = b"T"
READY = b"R"
FAILED = b"F"
GO = b"G"


class Progress:
    """The child's end: where it is, and telling it."""

    __slots__ = ("detail", "sock", "stage")

    def __init__(self, sock: socket) -> None:
        self.sock = sock
        self.stage = stages.FORK
        self.detail = ""

    def at(self, stage: int, detail: str) -> None:
        """Note what is about to be done, for the case that it fails."""
        self.stage = stage
        self.detail = detail

    def tell(self, packet: bytes) -> None:
        """Say one word to the monitor."""
        self.sock.send(packet)

    def ask(self, packet: bytes) -> None:
        """Say one word and wait for the monitor's leave; without it, end."""
        self.sock.send(packet)
        if not self.sock.recv(1):
            os._exit(1)

    def fail(self, error: Exception) -> None:
        """Tell the monitor why this ends here."""
        detail = self.detail
        number = 0
        if isinstance(error, OSError) and error.errno:
            number = error.errno
            if error.strerror and error.strerror != os.strerror(number):
                detail = f"{detail} ({error.strerror})".lstrip()
        elif isinstance(error, ValueError):
            # Something in the spec that makes no sense to the stage we are in.
            detail = f"{detail}: {error}"
        else:
            self.stage = stages.BUG
            detail = f"{detail}: {type(error).__name__}: {error}"
        self.sock.send(stages.encode(self.stage, number, detail))


def run(sock: socket, deed: "Callable[[Progress], None]") -> "NoReturn":
    """Run deed in this freshly forked child; it does not return to the caller."""
    progress = Progress(sock)
    try:
        deed(progress)
    except Exception as error:  # noqa: BLE001 - the parent raises it again, in words
        # OSError: nobody listens any more.
        with suppress(OSError):
            progress.fail(error)
    finally:
        # No clean-up of Python's: exit handlers and buffers are the parent's.
        os._exit(1)


def keep_only(*fds: int) -> None:
    """Close every descriptor but the standard ones and those given."""
    first = 3
    for fd in sorted(set(fds)):
        if fd > first:
            close_range(first, fd - 1)
        first = max(first, fd + 1)
    close_range(first)
