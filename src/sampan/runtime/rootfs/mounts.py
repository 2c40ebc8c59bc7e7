"""Which mounts a container's root needs. Decides only; execute.py does them.

    plan(spec["mounts"]) -> [Mount, ...]

A plan is printed by `sampan-runtime --debug` and compared in tests, so a Mount says
all there is to know about itself.
"""

from sampan.linux.flags import (
    MOUNT_ATTR__ATIME,
    MOUNT_ATTR_NOATIME,
    MOUNT_ATTR_NODEV,
    MOUNT_ATTR_NODIRATIME,
    MOUNT_ATTR_NOEXEC,
    MOUNT_ATTR_NOSUID,
    MOUNT_ATTR_NOSYMFOLLOW,
    MOUNT_ATTR_RDONLY,
    MOUNT_ATTR_STRICTATIME,
    MS_BIND,
    MS_DIRSYNC,
    MS_LAZYTIME,
    MS_MANDLOCK,
    MS_NOATIME,
    MS_NODEV,
    MS_NODIRATIME,
    MS_NOEXEC,
    MS_NOSUID,
    MS_NOSYMFOLLOW,
    MS_PRIVATE,
    MS_RDONLY,
    MS_REC,
    MS_RELATIME,
    MS_SHARED,
    MS_SILENT,
    MS_SLAVE,
    MS_STRICTATIME,
    MS_SYNCHRONOUS,
    MS_UNBINDABLE,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

# Words of fstab(5) and runtime-spec config-linux.md, "Linux mount options".
SETS = {
    "ro": MS_RDONLY,
    "nosuid": MS_NOSUID,
    "nodev": MS_NODEV,
    "noexec": MS_NOEXEC,
    "sync": MS_SYNCHRONOUS,
    "dirsync": MS_DIRSYNC,
    "mand": MS_MANDLOCK,
    "noatime": MS_NOATIME,
    "nodiratime": MS_NODIRATIME,
    "relatime": MS_RELATIME,
    "strictatime": MS_STRICTATIME,
    "lazytime": MS_LAZYTIME,
    "nosymfollow": MS_NOSYMFOLLOW,
    "silent": MS_SILENT,
    "bind": MS_BIND,
    "rbind": MS_BIND | MS_REC,
}
CLEARS = {
    "defaults": 0,
    "rw": MS_RDONLY,
    "suid": MS_NOSUID,
    "dev": MS_NODEV,
    "exec": MS_NOEXEC,
    "async": MS_SYNCHRONOUS,
    "nomand": MS_MANDLOCK,
    "atime": MS_NOATIME,
    "diratime": MS_NODIRATIME,
    "norelatime": MS_RELATIME,
    "nostrictatime": MS_STRICTATIME,
    "nolazytime": MS_LAZYTIME,
    "symfollow": MS_NOSYMFOLLOW,
    "loud": MS_SILENT,
}
PROPAGATION = {
    "private": MS_PRIVATE,
    "rprivate": MS_PRIVATE | MS_REC,
    "slave": MS_SLAVE,
    "rslave": MS_SLAVE | MS_REC,
    "shared": MS_SHARED,
    "rshared": MS_SHARED | MS_REC,
    "unbindable": MS_UNBINDABLE,
    "runbindable": MS_UNBINDABLE | MS_REC,
}
# Attributes of every mount below, not only of the one on top (config-linux.md: rro and kin).
RECURSIVE = {
    "rro": (MOUNT_ATTR_RDONLY, 0),
    "rrw": (0, MOUNT_ATTR_RDONLY),
    "rnosuid": (MOUNT_ATTR_NOSUID, 0),
    "rsuid": (0, MOUNT_ATTR_NOSUID),
    "rnodev": (MOUNT_ATTR_NODEV, 0),
    "rdev": (0, MOUNT_ATTR_NODEV),
    "rnoexec": (MOUNT_ATTR_NOEXEC, 0),
    "rexec": (0, MOUNT_ATTR_NOEXEC),
    "rnodiratime": (MOUNT_ATTR_NODIRATIME, 0),
    "rdiratime": (0, MOUNT_ATTR_NODIRATIME),
    "rrelatime": (0, MOUNT_ATTR__ATIME),
    "rnoatime": (MOUNT_ATTR_NOATIME, MOUNT_ATTR__ATIME),
    "rstrictatime": (MOUNT_ATTR_STRICTATIME, MOUNT_ATTR__ATIME),
    "rnosymfollow": (MOUNT_ATTR_NOSYMFOLLOW, 0),
    "rsymfollow": (0, MOUNT_ATTR_NOSYMFOLLOW),
}
# What a bind mount can have of its own, as attributes of mount_setattr(2).
ATTRIBUTES = {
    MS_RDONLY: MOUNT_ATTR_RDONLY,
    MS_NOSUID: MOUNT_ATTR_NOSUID,
    MS_NODEV: MOUNT_ATTR_NODEV,
    MS_NOEXEC: MOUNT_ATTR_NOEXEC,
    MS_NODIRATIME: MOUNT_ATTR_NODIRATIME,
    MS_NOSYMFOLLOW: MOUNT_ATTR_NOSYMFOLLOW,
}


class Mount:
    """One mount to make."""

    # Not a dataclass: importing dataclasses costs 15 ms of every container start.
    __slots__ = (
        "attr_clr",
        "attr_set",
        "data",
        "flags",
        "fstype",
        "propagation",
        "rec_clr",
        "rec_set",
        "source",
        "target",
    )

    def __init__(self, source: str, target: str, fstype: str) -> None:
        self.source = source
        self.target = target
        self.fstype = fstype
        self.flags = 0
        self.data = ""
        self.propagation: list[int] = []
        self.attr_set = 0
        self.attr_clr = 0
        self.rec_set = 0
        self.rec_clr = 0

    @property
    def is_bind(self) -> bool:
        """Whether this shows an existing tree at a second place."""
        return bool(self.flags & MS_BIND)

    def describe(self) -> str:
        """One line, for --debug and for tests."""
        kind = "bind" if self.is_bind else self.fstype
        line = f"{kind} {self.source} -> {self.target} {self.flags:#x} {self.data}".rstrip()
        if self.rec_set or self.rec_clr:
            line += f" all +{self.rec_set:#x} -{self.rec_clr:#x}"
        return line + "".join(f" propagation {flags:#x}" for flags in self.propagation)


def plan(mounts: "Iterable[Mapping[str, Any]]") -> list[Mount]:
    """Turn the spec's mounts into calls, in the order listed.

    The order is the caller's to choose: "The runtime MUST mount entries in the listed
    order" (runtime-spec, config.md#mounts). engine.spec.mounts puts parents first.
    """
    return [plan_one(entry) for entry in mounts]


def plan_one(entry: "Mapping[str, Any]") -> Mount:
    """Turn one mount of the spec into a call."""
    kind = entry.get("type") or ""
    target = entry.get("destination", entry.get("target", ""))
    step = Mount(entry.get("source") or kind, target, kind)
    data = [option for option in entry.get("options") or () if not _take(step, option)]
    if kind == "bind":
        # "type: bind" without the option is how some tools write it; runc takes it so too.
        step.flags |= MS_BIND
    if step.is_bind:
        step.fstype = ""
        _set_attributes(step)
    step.data = "" if step.is_bind else ",".join(data)
    return step


def _take(step: Mount, option: str) -> bool:
    """Book an option that has a meaning of its own; False leaves it to the file system."""
    return _take_flag(step, option) or _take_recursive(step, option)


def _take_flag(step: Mount, option: str) -> bool:
    if option in SETS:
        step.flags |= SETS[option]
    elif option in CLEARS:
        step.flags &= ~CLEARS[option]
        step.attr_clr |= ATTRIBUTES.get(CLEARS[option], 0)
    elif option in PROPAGATION:
        step.propagation.append(PROPAGATION[option])
    else:
        return False
    return True


def _take_recursive(step: Mount, option: str) -> bool:
    if option not in RECURSIVE:
        return False
    on, off = RECURSIVE[option]
    step.rec_set = step.rec_set & ~off | on
    step.rec_clr = step.rec_clr & ~on | off
    return True


def _set_attributes(step: Mount) -> None:
    for flag, attribute in ATTRIBUTES.items():
        if step.flags & flag:
            step.attr_set |= attribute
    step.attr_clr &= ~step.attr_set
    if step.flags & MS_NOATIME:
        step.attr_set |= MOUNT_ATTR_NOATIME
        step.attr_clr |= MOUNT_ATTR__ATIME
    elif step.flags & MS_STRICTATIME:
        step.attr_set |= MOUNT_ATTR_STRICTATIME
        step.attr_clr |= MOUNT_ATTR__ATIME
