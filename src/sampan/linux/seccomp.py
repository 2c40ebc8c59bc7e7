"""seccomp(2): loading a filter that was compiled elsewhere."""

import ctypes
from ctypes import c_char_p, c_uint, c_ushort, c_void_p

from sampan.linux import syscalls
from sampan.linux.libc import check, declare_syscall

SECCOMP_SET_MODE_FILTER = 1
SECCOMP_FILTER_FLAG_TSYNC = 1
SECCOMP_FILTER_FLAG_LOG = 2
SECCOMP_FILTER_FLAG_SPEC_ALLOW = 4
INSTRUCTION = 8  # sizeof(struct sock_filter)


class _Program(ctypes.Structure):
    """struct sock_fprog."""

    _fields_ = (("length", c_ushort), ("filter", c_char_p))


_seccomp = declare_syscall(syscalls.number("seccomp"), c_uint, c_uint, c_void_p)


def set_mode_filter(program: bytes, flags: int = 0) -> None:
    """SECCOMP_SET_MODE_FILTER; needs no_new_privs or CAP_SYS_ADMIN."""
    fprog = _Program(len(program) // INSTRUCTION, program)
    check(_seccomp(SECCOMP_SET_MODE_FILTER, flags, ctypes.byref(fprog)))
