"""Print what this runtime supports, as JSON (runtime-spec, features.md)."""

import argparse
import json
import sys

from sampan.linux.capability_names import NAMES
from sampan.runtime.entering import NAMESPACES
from sampan.runtime.oci.defaults import OCI_VERSION
from sampan.runtime.rootfs import mounts
from sampan.runtime.security.seccomp import compile as seccomp

HOOKS = [
    "prestart", "createRuntime", "createContainer", "startContainer", "poststart", "poststop",
]  # fmt: skip


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments: there are none."""


def run(options: argparse.Namespace) -> int:
    """Do it."""
    options_ = {*mounts.SETS, *mounts.CLEARS, *mounts.PROPAGATION, *mounts.RECURSIVE}
    document = {
        "ociVersionMin": "1.0.0",
        "ociVersionMax": OCI_VERSION,
        "hooks": HOOKS,
        "mountOptions": sorted(options_),
        "linux": {
            "namespaces": sorted(NAMESPACES),
            "capabilities": list(NAMES),
            "cgroup": {"v1": True, "v2": True, "systemd": False, "systemdUser": False},
            "seccomp": {
                "enabled": True,
                "actions": sorted([*seccomp.ACTIONS, "SCMP_ACT_ERRNO", "SCMP_ACT_TRACE"]),
                "operators": sorted(seccomp.OPERATORS),
                "archs": sorted(seccomp.ARCHITECTURES),
            },
            "apparmor": {"enabled": True},
            "selinux": {"enabled": True},
        },
    }
    sys.stdout.write(json.dumps(document, indent=2) + "\n")
    return 0
