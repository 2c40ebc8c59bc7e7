"""Kernel settings of the container's namespaces, written through a procfs that is one.

The container's /proc may be covered by a volume or replaced by the image; a value written
there would not reach the kernel, or reach the wrong file (CVE-2025-52881). So a procfs of
our own is opened, detached from every tree.
"""

import errno
import os

from sampan.linux import mounts
from sampan.linux.flags import RESOLVE_BENEATH, RESOLVE_NO_SYMLINKS, RESOLVE_NO_XDEV
from sampan.linux.openat2 import openat2

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

# What the kernel keeps once for each IPC namespace (ipc_namespaces(7)), as runc has it.
OF_IPC = {
    "kernel/msgmax", "kernel/msgmnb", "kernel/msgmni", "kernel/sem", "kernel/shmall",
    "kernel/shmmax", "kernel/shmmni", "kernel/shm_rmid_forced",
}  # fmt: skip

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


def namespace_of(name: str) -> str:
    """The kind of namespace a setting belongs to; "" when the whole machine shares it."""
    path = path_of(name).removeprefix("sys/")
    first, *rest = path.split("/")
    if ".." in rest:
        return ""
    if first == "net":
        return "network"
    if path in OF_IPC or (first, rest[:1]) == ("fs", ["mqueue"]):
        return "ipc"
    # Not kernel/hostname: the spec has a word of its own for that.
    return "uts" if path == "kernel/domainname" else ""


def check(name: str, is_own: "Callable[[str], bool]") -> None:
    """Refuse a setting that would change the host's; is_own tells of kinds of namespaces."""
    kind = namespace_of(name)
    if not kind:
        raise OSError(errno.EPERM, "it is not in a separate kernel namespace", name)
    if not is_own(kind):
        raise OSError(errno.EPERM, f"it is not allowed in the host's {kind} namespace", name)


def write(proc: int, name: str, value: str) -> None:
    """Write one setting."""
    fd = openat2(proc, path_of(name), os.O_WRONLY, resolve=RESOLVE)
    try:
        os.write(fd, value.encode())
    finally:
        os.close(fd)
