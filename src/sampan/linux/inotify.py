"""inotify(7): news about files of a directory."""

import os
from ctypes import c_char_p, c_int, c_uint32

from sampan.linux.libc import check, declare

IN_MODIFY = 0x2
IN_MOVED_TO = 0x80
IN_CREATE = 0x100
IN_NONBLOCK = os.O_NONBLOCK
IN_CLOEXEC = os.O_CLOEXEC

_inotify_init1 = declare("inotify_init1", c_int)
_inotify_add_watch = declare("inotify_add_watch", c_int, c_char_p, c_uint32)


def inotify_init1(flags: int = IN_NONBLOCK | IN_CLOEXEC) -> int:
    """inotify_init1(2)."""
    return check(_inotify_init1(flags))


def inotify_add_watch(fd: int, path: str, mask: int) -> int:
    """inotify_add_watch(2)."""
    return check(_inotify_add_watch(fd, os.fsencode(path), mask), path)
