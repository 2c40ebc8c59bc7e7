"""A terminal's master in other hands: the caller's socket, or our own terminal.

The socket protocol is runc's (docs/terminals.md): one byte stream message with the name of
the device and the descriptor beside it.
"""

import array
import os
import select
import signal
import socket
import termios
import tty
from contextlib import suppress

from sampan.linux import pty

CHUNK = 65536


def send_master(master: int, path: str) -> None:
    """Send the master to whoever listens at path."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as sock:
        sock.connect(path)
        rights = array.array("i", [master])
        sock.sendmsg([b"/dev/ptmx"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, rights)])


def copy_size(master: int) -> None:
    """Give the terminal our own terminal's size, if we have one."""
    with suppress(OSError):
        size = os.get_terminal_size(0)
        pty.set_size(master, size.lines, size.columns)


def stand_in(master: int) -> None:
    """Pass bytes between our terminal and the container's until that one is closed."""
    before = termios.tcgetattr(0) if os.isatty(0) else None
    if before:
        tty.setraw(0)
    signal.signal(signal.SIGWINCH, lambda *_: copy_size(master))
    copy_size(master)
    try:
        _pump(master)
    finally:
        if before:
            termios.tcsetattr(0, termios.TCSADRAIN, before)
        os.close(master)


def _pump(master: int) -> None:
    poll = select.poll()
    poll.register(0, select.POLLIN)
    poll.register(master, select.POLLIN)
    while True:
        for fd, _ in poll.poll():
            try:
                data = os.read(fd, CHUNK)
            except OSError:
                # EIO: nobody has the terminal open any more.
                data = b""
            if fd == master:
                if not data:
                    return
                _write_all(1, data)
            elif data:
                _write_all(master, data)
            else:
                poll.unregister(0)


def _write_all(fd: int, data: bytes) -> None:
    while data:
        data = data[os.write(fd, data) :]
