"""What a process changes about itself and the standard library has no call for."""

import errno
import os
from ctypes import c_char_p, c_size_t, c_uint

from sampan.linux import syscalls
from sampan.linux.libc import check, declare, declare_syscall

CLOSE_RANGE_CLOEXEC = 4
LAST_FD = 0xFFFFFFFF

_close_range = declare_syscall(syscalls.CLOSE_RANGE, c_uint, c_uint, c_uint)
_setdomainname = declare("setdomainname", c_char_p, c_size_t)


def close_range(first: int, last: int = LAST_FD, *, cloexec: bool = False) -> None:
    """close_range(2): close descriptors, or only mark them close-on-exec."""
    try:
        check(_close_range(first, last, CLOSE_RANGE_CLOEXEC if cloexec else 0))
    except OSError as error:
        # CLOSE_RANGE_CLOEXEC came with 5.11; the call itself with 5.9.
        if error.errno not in {errno.EINVAL, errno.ENOSYS}:
            raise
        for name in os.listdir("/proc/self/fd"):
            fd = int(name)
            if first <= fd <= last:
                _set_or_close(fd, cloexec=cloexec)


def _set_or_close(fd: int, *, cloexec: bool) -> None:
    try:
        if cloexec:
            os.set_inheritable(fd, False)  # noqa: FBT003 - the library's own signature
        else:
            os.close(fd)
    except OSError as error:
        # The descriptor of the directory listing itself is in the list.
        if error.errno != errno.EBADF:
            raise


def setdomainname(name: str) -> None:
    """setdomainname(2): the NIS domain name of the UTS namespace."""
    raw = os.fsencode(name)
    check(_setdomainname(raw, len(raw)), name)
