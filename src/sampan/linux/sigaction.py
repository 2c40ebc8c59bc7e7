"""rt_sigaction(2) for the signals that libc keeps to itself, 32 and 33; Python has the others."""

from ctypes import POINTER, c_int, c_size_t, c_ulong, c_void_p

from sampan.linux import syscalls
from sampan.linux.libc import check, declare_syscall

OF_LIBC = (32, 33)

_Action = c_ulong * 4  # handler, flags, restorer, mask: all zero is SIG_DFL
_rt_sigaction = declare_syscall(
    syscalls.number("rt_sigaction"), c_int, POINTER(_Action), c_void_p, c_size_t
)


def set_default(signal: int) -> None:
    """SIG_DFL."""
    check(_rt_sigaction(signal, _Action(), None, 8))
