"""Which capabilities a container's program has: Docker's default set, plus and minus wishes."""

from collections.abc import Iterable

from sampan.errors import InvalidRequest
from sampan.linux.capability_names import NAMES

ALL = [*NAMES]

DEFAULT = [
    "CAP_CHOWN",
    "CAP_DAC_OVERRIDE",
    "CAP_FSETID",
    "CAP_FOWNER",
    "CAP_MKNOD",
    "CAP_NET_RAW",
    "CAP_SETGID",
    "CAP_SETUID",
    "CAP_SETFCAP",
    "CAP_SETPCAP",
    "CAP_NET_BIND_SERVICE",
    "CAP_SYS_CHROOT",
    "CAP_KILL",
    "CAP_AUDIT_WRITE",
]


def normalize(names: Iterable[str] | None) -> list[str]:
    """Spell names as the kernel does (CAP_…); ALL stays. InvalidRequest for unknown ones."""
    spelled = []
    for name in names or ():
        upper = name.upper()
        full = upper if upper == "ALL" or upper.startswith("CAP_") else f"CAP_{upper}"
        if full == "CAP_ALL":
            full = "ALL"
        if full != "ALL" and full not in ALL:
            raise InvalidRequest(f'unknown capability: "{name}"')
        spelled.append(full)
    return spelled


def effective(
    add: Iterable[str] | None,
    drop: Iterable[str] | None,
    *,
    privileged: bool,
    available: Iterable[str] = ALL,
) -> list[str]:
    """Return the bounding set in the kernel's order; `available` is what the engine has."""
    have = set(available)
    if privileged:
        return [name for name in ALL if name in have]
    added, dropped = set(normalize(add)), set(normalize(drop))
    if "ALL" in added:
        wanted = set(ALL) - dropped
    elif "ALL" in dropped:
        wanted = added
    else:
        wanted = (set(DEFAULT) - dropped) | added
    return [name for name in ALL if name in wanted and name in have]


def sets(names: list[str]) -> dict[str, list[str]]:
    """Return the OCI capabilities object. Inheritable and ambient stay empty (CVE-2022-24769)."""
    return {
        "bounding": names,
        "effective": names,
        "permitted": names,
        "inheritable": [],
        "ambient": [],
    }
