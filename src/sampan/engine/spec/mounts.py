"""The mounts of a container below its root, parents first. Decides; the runtime mounts.

    mounts(...) -> [{"destination", "type", "source", "options"}, ...]   as in config.json

What is mounted by whom, from the bottom: /proc, /dev and their kin; the container's own files
(/etc/hosts, …); then volumes, binds and tmpfs, sorted so that no mount hides a deeper one.
"""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from sampan.errors import InvalidRequest
from sampan.schema.mount import MountPoint, TmpfsOptions

SHARED = frozenset({"shared", "rshared"})
SLAVE = frozenset({"slave", "rslave"})
PROPAGATIONS = frozenset({"private", "rprivate", *SHARED, *SLAVE})

Spec = dict[str, Any]


class Base(NamedTuple):
    """What decides about the mounts every container has."""

    writable: bool = False  # privileged: /sys and cgroups can be written
    writable_cgroups: bool = False
    shm_size: int = 64 << 20
    shm_source: str = ""  # a directory to bind to /dev/shm instead of a tmpfs of its own
    shm: bool = True  # False: no /dev/shm at all (--ipc none)
    host_ipc: bool = False
    host_pid: bool = False
    cgroups: bool = True


def base(facts: Base) -> list[Spec]:
    """Return the mounts that make a Linux environment (runtime-spec, "Default Filesystems")."""
    plain = ["nosuid", "noexec", "nodev"]
    mode = "rw" if facts.writable else "ro"
    found = [
        _mount("/proc", "proc", "proc", plain),
        _mount("/dev", "tmpfs", "tmpfs", ["nosuid", "strictatime", "mode=755", "size=65536k"]),
        _mount(
            "/dev/pts",
            "devpts",
            "devpts",
            ["nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "gid=5"],
        ),
        _mount("/sys", "sysfs", "sysfs", [*plain, mode]),
    ]
    if facts.cgroups:
        writable = facts.writable or facts.writable_cgroups
        options = [*plain, "relatime", "rw" if writable else "ro"]
        found.append(_mount("/sys/fs/cgroup", "cgroup", "cgroup", options))
    # With the host's IPC namespace this shows the host's queues.
    found.append(_mount("/dev/mqueue", "mqueue", "mqueue", plain))
    return found + _shm(facts)


def _shm(facts: Base) -> list[Spec]:
    if not facts.shm:
        return []
    if facts.host_ipc:
        return [_mount("/dev/shm", "bind", "/dev/shm", ["rbind", "rprivate"])]
    if facts.shm_source:
        return [_mount("/dev/shm", "bind", facts.shm_source, ["rbind", "rprivate"])]
    options = ["nosuid", "noexec", "nodev", "mode=1777", f"size={facts.shm_size}"]
    return [_mount("/dev/shm", "tmpfs", "shm", options)]


def with_users(
    standard: Iterable[Spec],
    files: Mapping[str, str],
    points: Iterable[MountPoint],
    tmpfs: Iterable[Spec],
    flat: frozenset[str] = frozenset(),
) -> list[Spec]:
    """Put the container's files, volumes, binds and tmpfs above the standard mounts.

    A mount of the user's wins over a standard one at the same place. `flat` names the
    destinations whose bind must not take submounts along.
    """
    wished = [_point(point, recursive=point.destination not in flat) for point in points]
    wished += tmpfs
    taken = {mount["destination"] for mount in wished}
    own = [
        _mount(destination, "bind", source, ["rbind", "rprivate"])
        for destination, source in files.items()
        if destination not in taken
    ]
    below = [mount for mount in standard if mount["destination"] not in taken]
    return below + sorted(own + wished, key=lambda mount: depth(mount["destination"]))


def depth(destination: str) -> int:
    """Count the components of a path, so that parents sort before children."""
    return len([part for part in destination.split("/") if part])


def _point(point: MountPoint, *, recursive: bool) -> Spec:
    options = ["rbind" if recursive else "bind", point.propagation or "rprivate"]
    if not point.rw:
        options.append("ro")
    return _mount(point.destination, "bind", point.source, options)


def tmpfs_of_option(destination: str, options: str) -> Spec:
    """Read one `--tmpfs /run:size=64m,exec`."""
    words = ["noexec", "nosuid", "nodev"]
    for word in filter(None, options.split(",")):
        name = word.partition("=")[0]
        opposite = {"exec": "noexec", "suid": "nosuid", "dev": "nodev"}.get(name)
        if opposite in words:
            words.remove(opposite)
        if name not in TMPFS_WORDS:
            raise InvalidRequest(f'invalid tmpfs option ["{word}"]')
        words.append(word)
    return _mount(destination, "tmpfs", "tmpfs", list(dict.fromkeys(words)))


TMPFS_WORDS = frozenset(
    [
        "size",
        "mode",
        "uid",
        "gid",
        "nr_blocks",
        "nr_inodes",
        "mpol",
        "ro",
        "rw",
        "exec",
        "noexec",
        "suid",
        "nosuid",
        "dev",
        "nodev",
        "sync",
        "async",
        "dirsync",
        "remount",
        "mand",
        "nomand",
        "atime",
        "noatime",
        "diratime",
        "nodiratime",
        "relatime",
        "norelatime",
        "strictatime",
        "nostrictatime",
        "defaults",
        "huge",
        "private",
        "rprivate",
        "shared",
        "rshared",
        "slave",
        "rslave",
        "unbindable",
        "runbindable",
    ]
)


def tmpfs_of_mount(destination: str, wish: TmpfsOptions | None, *, read_only: bool) -> Spec:
    """Read one `--mount type=tmpfs`."""
    words = ["noexec", "nosuid", "nodev"]
    if wish is not None:
        if wish.size_bytes:
            words.append(f"size={wish.size_bytes}")
        if wish.mode:
            words.append(f"mode={wish.mode:o}")
        for option in wish.options or ():
            words.append("=".join(option[:2]))
            if option[:1] == ["exec"]:
                words.remove("noexec")
    if read_only:
        words.append("ro")
    return _mount(destination, "tmpfs", "tmpfs", words)


def root_propagation(points: Iterable[MountPoint]) -> str:
    """Return what the root's propagation must be for the binds' to work."""
    wanted = {point.propagation for point in points}
    if wanted & SHARED:
        return "shared"
    return "slave" if wanted & SLAVE else ""


def _mount(destination: str, kind: str, source: str, options: Iterable[str]) -> Spec:
    return {
        "destination": destination,
        "type": kind,
        "source": source,
        "options": list(options),
    }
