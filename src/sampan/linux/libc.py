"""The C library handle, and the one way a failed call becomes an exception.

The other modules of sampan.linux declare their calls through declare() or
declare_syscall() and wrap them one to one: the kernel's name, the kernel's argument
order, no policy. What to mount where is decided elsewhere.
"""

import ctypes
import os
from collections.abc import Callable
from ctypes import c_long

_libc = ctypes.CDLL(None, use_errno=True)


def declare(name: str, *argtypes: type) -> Callable[..., int]:
    """Look up a libc function returning int, with its argument types fixed."""
    # Indexing gives a private pointer; getattr would share one argtypes with all.
    function = _libc[name]
    function.argtypes = argtypes
    # c_int, not c_long: libc leaves the upper half of the register undefined, and
    # a -1 read as a long can come out positive.
    function.restype = ctypes.c_int
    return function


def declare_syscall(number: int, *argtypes: type) -> Callable[..., int]:
    """Make a function of a system call that this libc may have no name for."""
    function = _libc["syscall"]
    function.argtypes = (c_long, *argtypes)
    function.restype = c_long

    def call(*arguments: object) -> int:
        return int(function(number, *arguments))

    return call


def check(result: int, path: str | None = None) -> int:
    """Return result, or raise OSError from errno if it is negative."""
    if result >= 0:
        return result
    number = ctypes.get_errno()
    raise OSError(number, os.strerror(number), path)


def text(value: str) -> bytes | None:
    """Encode a string for the kernel; an empty one becomes NULL."""
    return os.fsencode(value) if value else None
