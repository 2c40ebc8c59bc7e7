"""Descriptors that name a process: pidfd_open(2), pidfd_send_signal(2).

Python has both, but only when it was built against headers that know them.
"""

from ctypes import c_int, c_uint, c_void_p

from sampan.linux import syscalls
from sampan.linux.libc import check, declare_syscall

_pidfd_open = declare_syscall(syscalls.PIDFD_OPEN, c_int, c_uint)
_pidfd_send_signal = declare_syscall(syscalls.PIDFD_SEND_SIGNAL, c_int, c_int, c_void_p, c_uint)


def pidfd_open(pid: int) -> int:
    """pidfd_open(2); the descriptor is close-on-exec by the kernel's own choice."""
    return check(_pidfd_open(pid, 0))


def pidfd_send_signal(pidfd: int, signal: int) -> None:
    """pidfd_send_signal(2)."""
    check(_pidfd_send_signal(pidfd, signal, None, 0))
