"""What a control group of a container promises. Read this before v1.py and v2.py.

Words
    hierarchy   what this machine has: v1 (one tree per controller), v2 (one tree), or hybrid
                (v1 trees, beside them a v2 tree without controllers); see detect.py
    group       one container's place in it, known by a path such as /sampan/<id>. In v1 that is
                one directory per tree, in v2 one directory
    resources   `linux.resources` of the OCI runtime spec, as a dict (config-linux.md)
    warning     a sentence about a limit the kernel here has no file for; the limit is left out,
                because Docker starts the container all the same

Life
    group = detect().group("/sampan/<id>")      daemon; makes nothing yet
    task["cgroup"] = group.to_dict()            JSON-able, so that everyone names the same group
    group = from_dict(task["cgroup"])           monitor, exec, a later daemon
    warnings = group.create(resources)          directories made, limits written
    group.join_self()                           the calling process moves in (and what it forks)
    group.update(resources)                     only what is named changes
    group.freeze(); group.thaw()
    group.kill()                                SIGKILL to everything inside, frozen or not
    group.remove()                              waits a moment for the dying; idempotent

A refusal by the kernel is an OSError that names the file, the value and the kernel's reason.
Light to import: the launcher and every monitor carry this room, which is why typing is not
imported at run time.
"""

from sampan.cgroup.detect import Hierarchy, detect
from sampan.cgroup.v1 import CgroupV1
from sampan.cgroup.v2 import CgroupV2

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any, Protocol

    from sampan.cgroup.stats import Stats
else:
    Protocol = object

__all__ = ["Cgroup", "Hierarchy", "detect", "from_dict"]


class Cgroup(Protocol):
    """One container's control group."""

    def create(self, resources: "Mapping[str, Any]") -> list[str]:
        """Make the directories and write the limits; return warnings. Leftovers are taken over."""

    def update(self, resources: "Mapping[str, Any]") -> list[str]:
        """Change the limits that are named; return warnings."""

    def join_self(self) -> None:
        """Move the calling process into the group. It must have a single thread."""

    def exists(self) -> bool:
        """Whether the group is there."""

    def pids(self) -> list[int]:
        """Processes in the group and below it, as the caller's pid namespace numbers them."""

    def freeze(self) -> None:
        """Stop everything inside; returns when it has stopped."""

    def thaw(self) -> None:
        """Let it go on."""

    def is_frozen(self) -> bool:
        """Whether everything inside is stopped, or about to be."""

    def kill(self) -> None:
        """SIGKILL to everything inside, also when frozen. Does not wait for the end."""

    def oom_kills(self) -> int:
        """How many processes the kernel killed here for want of memory."""

    def stats(self) -> "Stats":
        """Read the counters."""

    def paths(self) -> dict[str, str]:
        """Mount point of each hierarchy to the group's directory in it."""

    def remove(self) -> None:
        """Remove the directories, with what the container made below them."""

    def to_dict(self) -> "dict[str, Any]":
        """Describe the group for from_dict."""


def from_dict(description: "Mapping[str, Any]") -> Cgroup:
    """Return the group that to_dict described."""
    if description["version"] == 2:
        return CgroupV2(description["mount"], description["path"])
    return CgroupV1(description["mounts"], description["path"])
