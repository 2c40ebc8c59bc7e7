"""The motions of a container's start, as far as they change nothing.

In a child that waits for its job they are gone through ahead of need: every page that a
fork writes to for the first time costs a fault and a copy, 4 us here, and a start writes to
300 of them. What is done here is not worth being done but for that.
"""

import os
from contextlib import suppress

from sampan.cgroup.driver import from_dict
from sampan.linux import mounts
from sampan.runtime import packets
from sampan.runtime.program import Program
from sampan.runtime.rootfs import cgroups, devices, execute
from sampan.runtime.rootfs import mounts as plans
from sampan.runtime.rootfs.tree import Tree

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

SPEC: "dict[str, Any]" = {
    "root": {"path": "rootfs"},
    "hostname": "rehearsal",
    "process": {
        "args": ["true"],
        "cwd": "/",
        "env": ["PATH=/usr/bin:/bin", "HOME=/root"],
        "user": {"uid": 0, "gid": 0, "additionalGids": [0]},
        "capabilities": {"bounding": ["CAP_CHOWN"], "effective": [], "permitted": []},
        "rlimits": [{"type": "RLIMIT_NOFILE", "soft": 1024, "hard": 1024}],
    },
    "mounts": [
        {"destination": "/proc", "type": "proc", "source": "proc", "options": ["nosuid"]},
        {"destination": "/dev", "type": "tmpfs", "source": "tmpfs", "options": ["mode=755"]},
        {"destination": "/etc/hosts", "source": "/etc/hosts", "options": ["rbind", "rprivate"]},
    ],
    "linux": {
        "resources": {
            "memory": {"limit": 1 << 30},
            "cpu": {"shares": 1024},
            "pids": {"limit": 100},
            "devices": [{"allow": True, "type": "c", "major": 1, "minor": 3, "access": "rwm"}],
        },
        "namespaces": [{"type": "pid"}, {"type": "network"}],
        "devices": [],
    },
}
# A group on no hierarchy: its values are worked out and written nowhere.
GROUP = {"version": 1, "path": "/none", "mounts": {}}


def go() -> None:
    """Go through them once."""
    packets.decode(packets.encode(SPEC))
    Program(SPEC["process"])
    devices.plan(SPEC["linux"]["devices"])
    cgroups.hierarchies()
    group = from_dict(GROUP)
    group.create(SPEC["linux"]["resources"])
    group.join_self()
    tree = Tree(os.open("/", os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC))
    for step in plans.plan(SPEC["mounts"]):
        os.close(tree.open(step.target))
        execute.seal(tree, step)
    for impossible in (
        lambda: mounts.mount("", "/no such place", data="x"),
        lambda: mounts.umount2("/no such place"),
        lambda: tree.open_plain("no such place"),
    ):
        with suppress(OSError):
            impossible()
    os.close(tree.fd)
