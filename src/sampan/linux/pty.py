"""Pseudo terminals, opened through one devpts and never by the slave's path.

pty.openpty() of the standard library asks the host's devpts; a program in a container
then finds "not a tty", because its own /dev/pts has no such name.
"""

import fcntl
import os
import struct
import termios
from ctypes import c_int, c_ulong

from sampan.linux.libc import check, declare

TIOCSPTLCK = 0x40045431
TIOCGPTN = 0x80045430
TIOCGPTPEER = 0x5441

# ioctl with a plain number: fcntl.ioctl() would do, but hides the descriptor returned
# by TIOCGPTPEER behind an argument that it may copy.
_ioctl = declare("ioctl", c_int, c_ulong, c_ulong)


def open_pair(ptmx: int) -> tuple[int, int]:
    """Open the slave of the master `ptmx`; return (slave, its number in that devpts).

    TIOCGPTPEER (Linux 4.13) goes by the descriptor, so that nothing put at
    /dev/pts/N by the container is opened in its place.
    """
    fcntl.ioctl(ptmx, TIOCSPTLCK, struct.pack("i", 0))
    number = struct.unpack("i", fcntl.ioctl(ptmx, TIOCGPTN, bytes(4)))[0]
    slave = check(_ioctl(ptmx, TIOCGPTPEER, os.O_RDWR | os.O_NOCTTY | os.O_CLOEXEC))
    return slave, number


def make_controlling(slave: int) -> None:
    """Make slave the controlling terminal of the calling session leader."""
    check(_ioctl(slave, termios.TIOCSCTTY, 0))


def set_size(fd: int, rows: int, cols: int) -> None:
    """Set the window size; the foreground process group gets SIGWINCH."""
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, cols, 0, 0))
