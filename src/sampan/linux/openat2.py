"""openat2(2): opening a path that a hostile tree may lead astray.

The answer to every symlink race in a container's tree (CVE-2021-30465 and its kin):
the kernel resolves the whole path below a directory and never leaves it.
"""

import ctypes
import errno
import os
from ctypes import c_char_p, c_int, c_size_t, c_uint64, c_void_p

from sampan.linux import syscalls
from sampan.linux.flags import RESOLVE_IN_ROOT
from sampan.linux.libc import check, declare_syscall

# openat2 gives EAGAIN when something was renamed during a scoped look-up (openat2(2)).
ATTEMPTS = 128


class _OpenHow(ctypes.Structure):
    """struct open_how of include/uapi/linux/openat2.h."""

    _fields_ = (("flags", c_uint64), ("mode", c_uint64), ("resolve", c_uint64))


_openat2 = declare_syscall(syscalls.OPENAT2, c_int, c_char_p, c_void_p, c_size_t)


def openat2(
    dir_fd: int, path: str, flags: int, mode: int = 0, resolve: int = RESOLVE_IN_ROOT
) -> int:
    """openat2(2), close-on-exec, tried again when it lost a race with a rename."""
    how = _OpenHow(flags | os.O_CLOEXEC, mode, resolve)
    raw = os.fsencode(path)
    for _ in range(ATTEMPTS):
        try:
            return check(_openat2(dir_fd, raw, ctypes.byref(how), ctypes.sizeof(how)), path)
        except OSError as error:
            if error.errno != errno.EAGAIN:
                raise
    raise OSError(errno.EAGAIN, os.strerror(errno.EAGAIN), path)
