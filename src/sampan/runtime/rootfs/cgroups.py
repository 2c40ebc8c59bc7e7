"""Showing a container its control groups: the mount of type "cgroup" in the spec.

The container's part of each hierarchy is bound from the host's mount of it; seen from the
container's own cgroup namespace that is the same as a new mount, and a mount of a v1
hierarchy costs 0.25 ms each (measured). Only when the container's place is unknown is the
hierarchy mounted anew, or the host's whole one shown. Which groups the container is in is
sampan.cgroup's business; here it is a mapping from mount point to the container's directory.
"""

import os

from sampan.linux import mounts as calls
from sampan.linux.flags import (
    AT_FDCWD,
    MOUNT_ATTR_NODEV,
    MOUNT_ATTR_NOEXEC,
    MOUNT_ATTR_NOSUID,
    MOUNT_ATTR_RDONLY,
    MS_NODEV,
    MS_NOEXEC,
    MS_NOSUID,
    MS_PRIVATE,
    MS_RDONLY,
)
from sampan.linux.statfs import CGROUP2_SUPER_MAGIC, fstatfs_type
from sampan.runtime.rootfs import execute
from sampan.runtime.rootfs.mounts import Mount, plan_one
from sampan.runtime.rootfs.tree import Tree

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

HOST = "/sys/fs/cgroup"
SAFE = MS_NOSUID | MS_NODEV | MS_NOEXEC


def mount(tree: Tree, step: Mount, paths: "Mapping[str, str]", *, own_namespace: bool) -> None:
    """Show the control groups at step.target."""
    if is_unified():
        _mount_unified(tree, step, paths, own_namespace=own_namespace)
    else:
        _mount_v1(tree, step, paths, own_namespace=own_namespace)


def is_unified() -> bool:
    """Whether the host has cgroup v2 alone."""
    fd = os.open(HOST, os.O_PATH | os.O_CLOEXEC)
    try:
        return fstatfs_type(fd) == CGROUP2_SUPER_MAGIC
    finally:
        os.close(fd)


def _mount_unified(
    tree: Tree, step: Mount, paths: "Mapping[str, str]", *, own_namespace: bool
) -> None:
    if own_namespace and HOST not in paths:
        mount = Mount("cgroup", step.target, "cgroup2")
        mount.flags = step.flags
    else:
        mode = "ro" if step.flags & MS_RDONLY else "rw"
        source = paths.get(HOST, HOST)
        mount = plan_one(
            {
                "destination": step.target,
                "source": source,
                "options": ["bind", mode, "nosuid", "nodev", "noexec"],
            }
        )
    execute.mount(tree, mount)


def _mount_v1(
    tree: Tree, step: Mount, paths: "Mapping[str, str]", *, own_namespace: bool
) -> None:
    """A tmpfs with one directory per hierarchy, and links for controllers mounted together."""
    base = Mount("tmpfs", step.target, "tmpfs")
    base.flags = SAFE
    base.data = "mode=755"
    execute.mount(tree, base)
    # The tmpfs is new and nobody else's, so plain names in it can be trusted.
    top = tree.open(step.target, os.O_PATH | os.O_DIRECTORY)
    try:
        for point, options in hierarchies():
            name = os.path.basename(point)
            os.mkdir(name, 0o755, dir_fd=top)
            if own_namespace and point not in paths:
                fstype = "cgroup2" if options is None else "cgroup"
                calls.mount("cgroup", f"/proc/self/fd/{top}/{name}", fstype, SAFE, options or "")
            else:
                _bind(paths.get(point, point), top, name)
        _link_controllers(top)
        attributes = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC
        if step.flags & MS_RDONLY:
            attributes |= MOUNT_ATTR_RDONLY
        # One call for all of them: with a dozen hierarchies this is on every start's way.
        calls.mount_setattr(top, attr_set=attributes, propagation=MS_PRIVATE, recursive=True)
    finally:
        os.close(top)


def _bind(source: str, directory: int, name: str) -> None:
    fd = calls.open_tree(AT_FDCWD, source)
    try:
        calls.move_mount(fd, directory, name)
    finally:
        os.close(fd)


def _link_controllers(directory: int) -> None:
    """The host has cpu -> cpu,cpuacct where both are one hierarchy; so must the container."""
    for name in os.listdir(HOST):
        path = f"{HOST}/{name}"
        if os.path.islink(path):
            os.symlink(os.readlink(path), name, dir_fd=directory)


def hierarchies() -> list[tuple[str, str | None]]:
    """Mount points directly below /sys/fs/cgroup with their v1 options, None for v2."""
    found = []
    with open("/proc/self/mountinfo", encoding="utf-8", errors="surrogateescape") as lines:
        for line in lines:
            fields, _, rest = line.partition(" - ")
            point = fields.split(" ")[4]
            kind, _, options = rest.rstrip("\n").split(" ")
            if os.path.dirname(point) == HOST and kind in {"cgroup", "cgroup2"}:
                found.append((point, _controllers(options) if kind == "cgroup" else None))
    return found


def _controllers(options: str) -> str:
    """The part of a v1 hierarchy's super options that names it."""
    general = {"rw", "ro", "xattr", "noprefix", "clone_children", "cpuset_v2_mode", "none"}
    return ",".join(
        option
        for option in options.split(",")
        if option not in general and not option.startswith("release_agent=")
    )
