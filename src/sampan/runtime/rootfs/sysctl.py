"""Kernel settings of the container's namespaces, written through a procfs that is one.

The container's /proc may be covered by a volume or replaced by the image; a value written
there would not reach the kernel, or reach the wrong file (CVE-2025-52881). So a procfs of
our own is opened, detached from every tree.
"""

import os

from sampan.linux import mounts
from sampan.linux.flags import RESOLVE_BENEATH, RESOLVE_NO_SYMLINKS, RESOLVE_NO_XDEV
from sampan.linux.openat2 import openat2

RESOLVE = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_XDEV


def open_proc() -> int:
    """Open a procfs of the calling process's pid namespace that nobody else can reach."""
    fs = mounts.fsopen("proc")
    try:
        return mounts.fsmount(fs)
    finally:
        os.close(fs)


def path_of(name: str) -> str:
    """Path below /proc of a setting: dots part names, and a slash stands for a dot.

    net.ipv4.conf.eth0/1.forwarding, or with slashes alone (sysctl.d(5)).
    """
    if "/" in name and (name.find("/") < name.find(".") or "." not in name):
        return f"sys/{name}"
    return "sys/" + name.translate({ord("."): "/", ord("/"): "."})


def write(proc: int, name: str, value: str) -> None:
    """Write one setting."""
    fd = openat2(proc, path_of(name), os.O_WRONLY, resolve=RESOLVE)
    try:
        os.write(fd, value.encode())
    finally:
        os.close(fd)
