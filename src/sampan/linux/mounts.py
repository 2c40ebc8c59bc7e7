"""Mount calls: mount(2), umount2(2), pivot_root(2) and the calls on detached mounts.

What to mount where is decided elsewhere. Calls on detached mounts need Linux 5.12
(mount_setattr); every descriptor they return is close-on-exec.
"""

import ctypes
import os
from ctypes import c_char_p, c_int, c_size_t, c_uint, c_uint64, c_ulong, c_void_p

from sampan.linux import syscalls
from sampan.linux.flags import (
    AT_EMPTY_PATH,
    AT_RECURSIVE,
    FSCONFIG_CMD_CREATE,
    FSCONFIG_SET_FLAG,
    FSCONFIG_SET_STRING,
    FSMOUNT_CLOEXEC,
    FSOPEN_CLOEXEC,
    MOVE_MOUNT_F_EMPTY_PATH,
    MOVE_MOUNT_T_EMPTY_PATH,
    OPEN_TREE_CLOEXEC,
    OPEN_TREE_CLONE,
)
from sampan.linux.libc import check, declare, declare_syscall, text


class _MountAttr(ctypes.Structure):
    """struct mount_attr of include/uapi/linux/mount.h."""

    _fields_ = (
        ("attr_set", c_uint64),
        ("attr_clr", c_uint64),
        ("propagation", c_uint64),
        ("userns_fd", c_uint64),
    )


_mount = declare("mount", c_char_p, c_char_p, c_char_p, c_ulong, c_char_p)
_umount2 = declare("umount2", c_char_p, c_int)
_pivot_root = declare_syscall(syscalls.number("pivot_root"), c_char_p, c_char_p)
_open_tree = declare_syscall(syscalls.OPEN_TREE, c_int, c_char_p, c_uint)
_move_mount = declare_syscall(syscalls.MOVE_MOUNT, c_int, c_char_p, c_int, c_char_p, c_uint)
_fsopen = declare_syscall(syscalls.FSOPEN, c_char_p, c_uint)
_fsconfig = declare_syscall(syscalls.FSCONFIG, c_int, c_uint, c_char_p, c_void_p, c_int)
_fsmount = declare_syscall(syscalls.FSMOUNT, c_int, c_uint, c_uint)
_mount_setattr = declare_syscall(
    syscalls.MOUNT_SETATTR, c_int, c_char_p, c_uint, c_void_p, c_size_t
)


def mount(source: str, target: str, fstype: str = "", flags: int = 0, data: str = "") -> None:
    """mount(2). Empty strings are passed as NULL."""
    check(_mount(text(source), os.fsencode(target), text(fstype), flags, text(data)), target)


def umount2(target: str, flags: int = 0) -> None:
    """umount2(2)."""
    check(_umount2(os.fsencode(target), flags), target)


def pivot_root(new_root: str, put_old: str) -> None:
    """pivot_root(2)."""
    check(_pivot_root(os.fsencode(new_root), os.fsencode(put_old)), new_root)


def open_tree(dir_fd: int, path: str, flags: int = OPEN_TREE_CLONE) -> int:
    """open_tree(2). An empty path means dir_fd itself."""
    if not path:
        flags |= AT_EMPTY_PATH
    return check(_open_tree(dir_fd, os.fsencode(path), flags | OPEN_TREE_CLOEXEC), path)


def move_mount(mount_fd: int, target_fd: int, target: str = "") -> None:
    """move_mount(2) of a detached mount to target; "" is target_fd itself."""
    flags = MOVE_MOUNT_F_EMPTY_PATH | (0 if target else MOVE_MOUNT_T_EMPTY_PATH)
    check(_move_mount(mount_fd, b"", target_fd, os.fsencode(target), flags), target)


def fsopen(fstype: str) -> int:
    """fsopen(2)."""
    return check(_fsopen(os.fsencode(fstype), FSOPEN_CLOEXEC), fstype)


def fsconfig(fs_fd: int, key: str, value: str | None = None) -> None:
    """fsconfig(2): set a flag, or a string (at most 255 bytes)."""
    if value is None:
        check(_fsconfig(fs_fd, FSCONFIG_SET_FLAG, os.fsencode(key), None, 0), key)
    else:
        raw = os.fsencode(value)
        check(_fsconfig(fs_fd, FSCONFIG_SET_STRING, os.fsencode(key), raw, 0), key)


def fsmount(fs_fd: int, attributes: int = 0) -> int:
    """fsconfig(2) CMD_CREATE and fsmount(2): a detached mount of what was configured."""
    check(_fsconfig(fs_fd, FSCONFIG_CMD_CREATE, None, None, 0))
    return check(_fsmount(fs_fd, FSMOUNT_CLOEXEC, attributes))


def mount_setattr(
    fd: int,
    *,
    attr_set: int = 0,
    attr_clr: int = 0,
    propagation: int = 0,
    userns_fd: int = 0,
    recursive: bool = False,
) -> None:
    """mount_setattr(2) on the mount that fd names."""
    wanted = _MountAttr(attr_set, attr_clr, propagation, userns_fd)
    flags = AT_EMPTY_PATH | (AT_RECURSIVE if recursive else 0)
    check(_mount_setattr(fd, b"", flags, ctypes.byref(wanted), ctypes.sizeof(wanted)))
