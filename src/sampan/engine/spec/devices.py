"""Which device nodes a container sees, and which it may use."""

from typing import Any, NamedTuple

from sampan.errors import InvalidRequest


class Device(NamedTuple):
    """A rule of the device cgroup."""

    allow: bool
    type: str  # a, b, c
    major: int  # -1 is every one
    minor: int
    access: str

    def rule(self) -> dict[str, Any]:
        """Return the OCI form."""
        found: dict[str, Any] = {"allow": self.allow, "type": self.type, "access": self.access}
        if self.major >= 0:
            found["major"] = self.major
        if self.minor >= 0:
            found["minor"] = self.minor
        return found


class Node(NamedTuple):
    """A device node to make in the container."""

    path: str
    type: str  # b, c
    major: int
    minor: int
    mode: int
    uid: int
    gid: int
    access: str = "rwm"

    def node(self) -> dict[str, Any]:
        """Return the OCI form."""
        return {
            "path": self.path,
            "type": self.type,
            "major": self.major,
            "minor": self.minor,
            "fileMode": self.mode,
            "uid": self.uid,
            "gid": self.gid,
        }

    def device(self) -> Device:
        """Return the rule that lets the container use it."""
        return Device(True, self.type, self.major, self.minor, self.access)  # noqa: FBT003


EVERYTHING = Device(allow=True, type="a", major=-1, minor=-1, access="rwm")

# Docker's list: mknod of everything, use of the harmless ones and of terminals.
DEFAULT = [
    Device(allow=False, type="a", major=-1, minor=-1, access="rwm"),
    Device(allow=True, type="c", major=-1, minor=-1, access="m"),
    Device(allow=True, type="b", major=-1, minor=-1, access="m"),
    *(
        Device(allow=True, type="c", major=major, minor=minor, access="rwm")
        for major, minor in (
            (1, 3),  # null
            (1, 5),  # zero
            (1, 7),  # full
            (1, 8),  # random
            (1, 9),  # urandom
            (5, 0),  # tty
            (5, 1),  # console
            (5, 2),  # ptmx
            (136, -1),  # pts
        )
    ),
]


def rules(nodes: list[Node], extra: list[str] | None, *, privileged: bool) -> list[Device]:
    """Return the rules of a container with these nodes and `--device-cgroup-rule` words."""
    if privileged:
        return [EVERYTHING]
    return [*DEFAULT, *(node.device() for node in nodes), *map(parse_rule, extra or ())]


def parse_rule(text: str) -> Device:
    """Read `c 42:* rmw`."""
    words = text.split()
    refused = InvalidRequest(f"invalid device cgroup rule format: '{text}'")
    if len(words) != 3 or words[0] not in {"a", "b", "c"}:
        raise refused
    major, separator, minor = words[1].partition(":")
    if not separator or not all(each == "*" or each.isdecimal() for each in (major, minor)):
        raise refused
    if not words[2] or set(words[2]) - set("rwm"):
        raise refused
    numbers = [-1 if each == "*" else int(each) for each in (major, minor)]
    return Device(allow=True, type=words[0], major=numbers[0], minor=numbers[1], access=words[2])


def check_access(access: str) -> str:
    """Return cgroup permissions, `rwm` when none are given."""
    if set(access) - set("rwm"):
        raise InvalidRequest(f"invalid device mode: {access}")
    return access or "rwm"
