"""keyctl(2): a session keyring per container, so that keys do not leak between them."""

import os
from ctypes import c_char_p, c_int

from sampan.linux import syscalls
from sampan.linux.libc import check, declare_syscall

KEYCTL_JOIN_SESSION_KEYRING = 1

_join = declare_syscall(syscalls.number("keyctl"), c_int, c_char_p)


def join_session_keyring(name: str) -> int:
    """KEYCTL_JOIN_SESSION_KEYRING: join or make the session keyring of that name."""
    return check(_join(KEYCTL_JOIN_SESSION_KEYRING, os.fsencode(name)), name)
