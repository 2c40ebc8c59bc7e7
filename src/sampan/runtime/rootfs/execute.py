"""Doing the mounts that mounts.py planned, inside the container's own mount namespace.

Decides nothing. Destinations are opened through rootfs.tree and mounted upon by descriptor,
so that a symlink changed in between cannot move a mount (CVE-2021-30465).
"""

import errno
import os
import stat

from sampan.linux import mounts
from sampan.linux.flags import (
    AT_FDCWD,
    AT_RECURSIVE,
    MOUNT_ATTR_RDONLY,
    MS_PRIVATE,
    MS_RDONLY,
    MS_REC,
    OPEN_TREE_CLONE,
)
from sampan.linux.statfs import PROC_SUPER_MAGIC, fstatfs_type
from sampan.runtime.rootfs.mounts import Mount
from sampan.runtime.rootfs.tree import Tree

# Kernel file systems whose place must be a plain directory, not a link that the image set:
# masks and sysctls would be written to the wrong place (CVE-2019-19921, CVE-2019-16884).
PLAIN = {"proc", "sysfs"}

# What may be put over a file of procfs: lxcfs' files, as in runc's checkProcMount.
OVER_PROC = {
    f"/proc/{name}"
    for name in (
        "cpuinfo", "diskstats", "meminfo", "stat", "swaps", "uptime", "loadavg", "slabinfo",
        "net/dev", "sys/kernel/ns_last_pid", "sys/crypto/fips_enabled",
    )
}  # fmt: skip

# One page holds all of mount(2)'s data (mount(2), "data").
MAX_DATA = 4095


def mount(tree: Tree, step: Mount) -> None:
    """Make one mount in the tree."""
    if step.is_bind:
        _bind(tree, step)
        return
    if step.fstype in PLAIN:
        target = _plain_directory(tree, step.target)
    else:
        target = tree.make_directory(step.target)
    try:
        _refuse_over_proc(target, step)
        # Made writable even when it is to be read-only: devices and directories are still
        # to be made in it; seal() closes it.
        flags = step.flags & ~MS_RDONLY if step.fstype == "tmpfs" else step.flags
        mounts.mount(step.source, f"/proc/self/fd/{target}", step.fstype, flags, step.data)
    finally:
        os.close(target)
    _propagate(tree, step)


def seal(tree: Tree, step: Mount) -> None:
    """Make a tmpfs read-only that had to be written to first."""
    if step.fstype == "tmpfs" and step.flags & MS_RDONLY:
        target = tree.open(step.target)
        try:
            mounts.mount_setattr(target, attr_set=MOUNT_ATTR_RDONLY)
        finally:
            os.close(target)


def mount_at(step: Mount, target: str) -> None:
    """Make one mount of the root file system itself, at a path of our own."""
    if step.is_bind:
        fd = _clone(step)
        try:
            directory = os.open(target, os.O_PATH | os.O_CLOEXEC)
            try:
                mounts.move_mount(fd, directory)
            finally:
                os.close(directory)
        finally:
            os.close(fd)
    elif len(step.data) <= MAX_DATA:
        mounts.mount(step.source, target, step.fstype, step.flags, step.data)
    else:
        _mount_piecewise(step, target)


def _mount_piecewise(step: Mount, target: str) -> None:
    """Mount an overlay with more layers than one page of options can name (Linux 6.8)."""
    fs = mounts.fsopen(step.fstype)
    try:
        for option in step.data.split(","):
            key, separator, value = option.partition("=")
            if key == "lowerdir":
                for layer in value.split(":"):
                    mounts.fsconfig(fs, "lowerdir+", layer)
            else:
                mounts.fsconfig(fs, key, value if separator else None)
        fd = mounts.fsmount(fs, MOUNT_ATTR_RDONLY if step.flags & MS_RDONLY else 0)
    finally:
        os.close(fs)
    try:
        mounts.move_mount(fd, AT_FDCWD, target)
    finally:
        os.close(fd)


def _bind(tree: Tree, step: Mount) -> None:
    fd = _clone(step)
    try:
        is_directory = stat.S_ISDIR(os.fstat(fd).st_mode)
        make = tree.make_directory if is_directory else tree.make_file
        target = make(step.target)
        try:
            _refuse_over_proc(target, step)
            if stat.S_ISDIR(os.fstat(target).st_mode) != is_directory:
                # mount(2) says so; move_mount(2) has only EINVAL for it.
                raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), step.target)
            mounts.move_mount(fd, target)
        finally:
            os.close(target)
    finally:
        os.close(fd)


def _clone(step: Mount) -> int:
    """Return a detached copy of the source, with the attributes the step asks for."""
    recursive = bool(step.flags & MS_REC)
    flags = OPEN_TREE_CLONE | (AT_RECURSIVE if recursive else 0)
    fd = mounts.open_tree(AT_FDCWD, step.source, flags)
    try:
        if step.attr_set or step.attr_clr:
            mounts.mount_setattr(fd, attr_set=step.attr_set, attr_clr=step.attr_clr)
        if step.rec_set or step.rec_clr:
            mounts.mount_setattr(
                fd, attr_set=step.rec_set, attr_clr=step.rec_clr, recursive=True
            )
        # runc's and Docker's default: nothing mounted later travels either way.
        for propagation in step.propagation or [MS_PRIVATE | MS_REC]:
            mounts.mount_setattr(
                fd, propagation=propagation & ~MS_REC, recursive=bool(propagation & MS_REC)
            )
    except OSError:
        os.close(fd)
        raise
    return fd


def _propagate(tree: Tree, step: Mount) -> None:
    for propagation in step.propagation:
        fd = tree.open(step.target)
        try:
            mounts.mount("", f"/proc/self/fd/{fd}", "", propagation)
        finally:
            os.close(fd)


def _plain_directory(tree: Tree, path: str) -> int:
    """Open a directory that no link leads to, making it when it is missing."""
    try:
        return tree.open_plain(path, os.O_PATH | os.O_DIRECTORY)
    except FileNotFoundError:
        os.close(tree.make_directory(path))
        return tree.open_plain(path, os.O_PATH | os.O_DIRECTORY)


def _refuse_over_proc(target: int, step: Mount) -> None:
    """Refuse to hide parts of procfs: what is then written there would not reach the kernel.

    CVE-2019-16884, CVE-2019-19921, CVE-2025-52881.
    """
    if step.target.rstrip("/") in OVER_PROC or fstatfs_type(target) != PROC_SUPER_MAGIC:
        return
    if step.fstype == "proc" or (step.is_bind and step.source == "/proc"):
        return
    raise PermissionError(errno.EPERM, "cannot be mounted inside /proc", step.target)
