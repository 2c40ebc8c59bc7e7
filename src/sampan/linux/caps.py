"""Capability sets: capset(2), and the kernel's names and numbers.

Which capabilities a container gets is decided in sampan.runtime.security.
"""

import ctypes
from collections.abc import Iterable
from ctypes import c_int, c_uint32, c_void_p

from sampan.linux.libc import check, declare

# include/uapi/linux/capability.h, in the order of their numbers.
NAMES = (
    "CAP_CHOWN",
    "CAP_DAC_OVERRIDE",
    "CAP_DAC_READ_SEARCH",
    "CAP_FOWNER",
    "CAP_FSETID",
    "CAP_KILL",
    "CAP_SETGID",
    "CAP_SETUID",
    "CAP_SETPCAP",
    "CAP_LINUX_IMMUTABLE",
    "CAP_NET_BIND_SERVICE",
    "CAP_NET_BROADCAST",
    "CAP_NET_ADMIN",
    "CAP_NET_RAW",
    "CAP_IPC_LOCK",
    "CAP_IPC_OWNER",
    "CAP_SYS_MODULE",
    "CAP_SYS_RAWIO",
    "CAP_SYS_CHROOT",
    "CAP_SYS_PTRACE",
    "CAP_SYS_PACCT",
    "CAP_SYS_ADMIN",
    "CAP_SYS_BOOT",
    "CAP_SYS_NICE",
    "CAP_SYS_RESOURCE",
    "CAP_SYS_TIME",
    "CAP_SYS_TTY_CONFIG",
    "CAP_MKNOD",
    "CAP_LEASE",
    "CAP_AUDIT_WRITE",
    "CAP_AUDIT_CONTROL",
    "CAP_SETFCAP",
    "CAP_MAC_OVERRIDE",
    "CAP_MAC_ADMIN",
    "CAP_SYSLOG",
    "CAP_WAKE_ALARM",
    "CAP_BLOCK_SUSPEND",
    "CAP_AUDIT_READ",
    "CAP_PERFMON",
    "CAP_BPF",
    "CAP_CHECKPOINT_RESTORE",
)
NUMBERS = {name: number for number, name in enumerate(NAMES)}
SYS_ADMIN = NUMBERS["CAP_SYS_ADMIN"]

_VERSION_3 = 0x20080522


class _Header(ctypes.Structure):
    """struct __user_cap_header_struct."""

    _fields_ = (("version", c_uint32), ("pid", c_int))


class _Half(ctypes.Structure):
    """struct __user_cap_data_struct; the kernel takes two, low bits first."""

    _fields_ = (("effective", c_uint32), ("permitted", c_uint32), ("inheritable", c_uint32))


_capset = declare("capset", c_void_p, c_void_p)
_capget = declare("capget", c_void_p, c_void_p)


def bits(names: Iterable[str]) -> int:
    """Turn capability names into a bit mask; KeyError for an unknown one."""
    mask = 0
    for name in names:
        mask |= 1 << NUMBERS[name]
    return mask


def capset(effective: int, permitted: int, inheritable: int) -> None:
    """capset(2) of the calling thread, sets as bit masks."""
    halves = (_Half * 2)()
    for index, half in enumerate(halves):
        shift = 32 * index
        half.effective = effective >> shift & 0xFFFFFFFF
        half.permitted = permitted >> shift & 0xFFFFFFFF
        half.inheritable = inheritable >> shift & 0xFFFFFFFF
    header = _Header(_VERSION_3, 0)
    check(_capset(ctypes.byref(header), ctypes.byref(halves)))


def capget() -> tuple[int, int, int]:
    """capget(2) of the calling thread: effective, permitted, inheritable."""
    halves = (_Half * 2)()
    header = _Header(_VERSION_3, 0)
    check(_capget(ctypes.byref(header), ctypes.byref(halves)))
    low, high = halves
    return (
        low.effective | high.effective << 32,
        low.permitted | high.permitted << 32,
        low.inheritable | high.inheritable << 32,
    )
