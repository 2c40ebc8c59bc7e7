"""Capability sets: capset(2), and the kernel's numbers.

Which capabilities a container gets is decided in sampan.engine.spec.capabilities.
"""

import ctypes
from collections.abc import Iterable
from ctypes import c_int, c_uint32, c_void_p

from sampan.linux.capability_names import NAMES
from sampan.linux.libc import check, declare

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
