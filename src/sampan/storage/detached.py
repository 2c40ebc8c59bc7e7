"""An overlay as a detached mount: a descriptor that shows the tree and is gone when closed.

Nothing appears in any mount namespace, so nothing can be left behind (fsopen(2), fsmount(2),
Linux 5.2; `lowerdir+` Linux 6.8). Where the kernel has no such thing, the callers fall back to a
mount namespace of their own (sampan.storage.rootfs).
"""

import errno
import os

from sampan.linux import mounts
from sampan.linux.flags import AT_FDCWD, MOUNT_ATTR_RDONLY
from sampan.storage.driver import Mount

# Kernels before `lowerdir+`: EINVAL; before fsopen: ENOSYS.
_TOO_OLD = frozenset((errno.EINVAL, errno.ENOSYS))


class NotDetachable(Exception):
    """This kernel cannot make this mount without a mount point."""


def mount(step: Mount) -> int:
    """Make one mount; return a directory descriptor of its root."""
    if step.type == "bind" or "bind" in step.options or "rbind" in step.options:
        return _tree(step)
    fs = mounts.fsopen(step.type)
    try:
        attributes = 0
        mounts.fsconfig(fs, "source", step.source)
        for option in step.options:
            attributes |= _configure(fs, option)
        return mounts.fsmount(fs, attributes)
    except OSError as error:
        if error.errno in _TOO_OLD:
            raise NotDetachable(str(error)) from error
        raise
    finally:
        os.close(fs)


def _configure(fs: int, option: str) -> int:
    key, separator, value = option.partition("=")
    if key == "ro":
        return MOUNT_ATTR_RDONLY
    if key == "lowerdir":
        # One string of fsconfig(2) holds 255 bytes: far too few for a list of layers.
        for layer in value.split(":"):
            mounts.fsconfig(fs, "lowerdir+", layer)
    elif len(value) > 255:
        raise NotDetachable(f"{key} is too long for fsconfig")
    elif key != "rw":
        mounts.fsconfig(fs, key, value if separator else None)
    return 0


def _tree(step: Mount) -> int:
    fd = mounts.open_tree(AT_FDCWD, step.source)
    try:
        if "ro" in step.options:
            mounts.mount_setattr(fd, attr_set=MOUNT_ATTR_RDONLY)
    except BaseException:
        os.close(fd)
        raise
    return fd
