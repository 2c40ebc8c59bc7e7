"""Templates over documents of the API, as inspect -f takes them.

Documents are JSON here and structs in the docker client. Two differences show, and are
bridged: fields that the API leaves out when they are empty, and maps, whose missing keys are
no error. Pure.
"""

from __future__ import annotations

from sampan.cli.format.template import Template, strict
from sampan.cli.format.values import NOTHING

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

# What Docker ends with when a template cannot be read.
UNREADABLE = 64
# Fields that are absent when there is nothing to say.
OPTIONAL = frozenset(
    ("Health", "Healthcheck", "Checkpoint", "Init", "StopTimeout", "ConfigFrom", "IPAMConfig")
)
OPTIONAL_LISTS = frozenset(("Mounts", "Binds", "Shell", "OnBuild", "Annotations", "DeviceRequests"))
OPTIONAL_TEXTS = frozenset(("StopSignal", "MacAddress", "Comment", "Author", "Variant"))
OPTIONAL_NUMBERS = frozenset(("SizeRw", "SizeRootFs"))
# The same in a container's Mounts only: elsewhere such a name is a mistake.
OPTIONAL_OF_MOUNTS = frozenset(("Name", "Driver", "Source", "Mode", "Propagation"))
# Fields that are lists, also when they are null.
LISTS = frozenset(
    (
        "Aliases",
        "Args",
        "Binds",
        "BlkioDeviceReadBps",
        "BlkioDeviceReadIOps",
        "BlkioDeviceWriteBps",
        "BlkioDeviceWriteIOps",
        "BlkioWeightDevice",
        "CapAdd",
        "CapDrop",
        "Cmd",
        "DNSNames",
        "DeviceCgroupRules",
        "DeviceRequests",
        "Devices",
        "Dns",
        "DnsOptions",
        "DnsSearch",
        "Entrypoint",
        "Env",
        "ExecIDs",
        "ExtraHosts",
        "GroupAdd",
        "Links",
        "MaskedPaths",
        "Mounts",
        "OnBuild",
        "ReadonlyPaths",
        "RepoDigests",
        "RepoTags",
        "SecurityOpt",
        "Shell",
        "Ulimits",
        "VolumesFrom",
    )
)
# Fields whose keys are the user's own.
MAPS = frozenset(
    (
        "Annotations",
        "Containers",
        "DriverOpts",
        "ExposedPorts",
        "Labels",
        "Networks",
        "Options",
        "PortBindings",
        "Ports",
        "StorageOpt",
        "Sysctls",
        "Tmpfs",
        "Volumes",
    )
)


def template(text: str) -> Template:
    """Read a template for documents."""
    return Template(text, absent=absent, blank=blank, code=UNREADABLE)


def blank(name: str) -> str:
    """Return how a null field is printed: lists and maps stay lists and maps."""
    if name in LISTS:
        return "[]"
    return "map[]" if name in MAPS else "<nil>"


def absent(parent: str, name: str, owner: dict[str, Any]) -> Any:  # noqa: ANN401
    """Return what a field stands for that a document has not got."""
    if name in OPTIONAL:
        return None
    if name in OPTIONAL_LISTS:
        return []
    if name in OPTIONAL_TEXTS:
        return ""
    if name in OPTIONAL_NUMBERS:
        return 0
    if name in OPTIONAL_OF_MOUNTS and "Destination" in owner:
        return ""
    if parent in MAPS:
        return NOTHING
    return strict(parent, name, owner)
