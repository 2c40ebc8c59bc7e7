"""syncfs(2): bring one file system to the disk, and no other."""

from ctypes import c_int

from sampan.linux.libc import check, declare

_syncfs = declare("syncfs", c_int)


def syncfs(fd: int) -> None:
    """syncfs(2) of the file system that fd is on."""
    check(_syncfs(fd))
