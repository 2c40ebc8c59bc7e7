"""statfs(2), for the one field that os.statvfs() leaves out: the kind of file system."""

from ctypes import c_int, c_long, c_void_p

from sampan.linux.libc import check, declare

# include/uapi/linux/magic.h
PROC_SUPER_MAGIC = 0x9FA0
SYSFS_MAGIC = 0x62656572
TMPFS_MAGIC = 0x01021994
DEVPTS_SUPER_MAGIC = 0x1CD1
CGROUP2_SUPER_MAGIC = 0x63677270
OVERLAYFS_SUPER_MAGIC = 0x794C7630

_fstatfs = declare("fstatfs", c_int, c_void_p)


def fstatfs_type(fd: int) -> int:
    """f_type of fstatfs(2); fd may be an O_PATH one."""
    # struct statfs begins with f_type, a long, and is 120 bytes on 64-bit machines; room
    # to spare saves declaring a structure that differs between them.
    buffer = (c_long * 32)()
    check(_fstatfs(fd, buffer))
    return int(buffer[0])
