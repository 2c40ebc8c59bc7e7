"""--device, --device-cgroup-rule, --device-*-bps/iops, --blkio-weight-device. Pure."""

from __future__ import annotations

import os.path

from sampan.cli.options.sizes import parse as parse_size

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def device(word: str) -> dict[str, str]:
    """Turn /dev/x[:/dev/y][:rwm] into a DeviceMapping; ValueError in Docker's words."""
    parts = word.split(":")
    if len(parts) > 3 or not parts[0]:
        raise ValueError(f"bad format for path: {word}")
    source, target, modes = parts[0], "", "rwm"
    if len(parts) == 3:
        target, modes = parts[1], parts[2]
        if not _modes(modes):
            raise ValueError(f"bad mode specified: {modes}")
    elif len(parts) == 2 and _modes(parts[1]):
        modes = parts[1]
    elif len(parts) == 2:
        target = parts[1]
    shown = target or source
    # A CDI name (vendor.com/class=name) is the daemon's business.
    if not shown.startswith("/") and "=" not in shown:
        raise ValueError(f"{shown} is not an absolute path")
    path = os.path.normpath(source)
    return {
        "PathOnHost": path if not target else source,
        "PathInContainer": os.path.normpath(target) if target else path,
        "CgroupPermissions": modes,
    }


def read_rule(text: str) -> str:
    """Check one --device-cgroup-rule: `c 1:3 rwm`."""
    parts = text.split(" ")
    if len(parts) == 3 and parts[0] in {"a", "b", "c"} and parts[2] and set(parts[2]) <= set("rwm"):
        major, colon, minor = parts[1].partition(":")
        if colon and all(number == "*" or number.isdecimal() for number in (major, minor)):
            return text
    raise ValueError(f"invalid device cgroup format '{text}'")


def read_bps(text: str) -> dict[str, Any]:
    """Read /dev/x:10mb."""
    path, value = _throttle(text)
    try:
        rate = parse_size(value)
    except ValueError:
        raise ValueError(
            f"invalid rate for device: {text}. "
            "The correct format is <device-path>:<number>[<unit>]. Number must be a positive "
            "integer. Unit is optional and can be kb, mb, or gb"
        ) from None
    return {"Path": path, "Rate": rate}


def read_iops(text: str) -> dict[str, Any]:
    """Read /dev/x:1000."""
    path, value = _throttle(text)
    if not value.isdecimal():
        raise ValueError(
            f"invalid rate for device: {text}. The correct format is <device-path>:<number>."
            " Number must be a positive integer"
        )
    return {"Path": path, "Rate": int(value)}


def read_weight(text: str) -> dict[str, Any]:
    """Read /dev/x:500."""
    path, colon, value = text.partition(":")
    if not colon or not path:
        raise ValueError(f"bad format: {text}")
    if not path.startswith("/dev/"):
        raise ValueError(f"bad format for device path: {text}")
    if not value.isdecimal() or not (int(value) == 0 or 10 <= int(value) <= 1000):
        raise ValueError(f"invalid weight for device: {text}")
    return {"Path": path, "Weight": int(value)}


def _throttle(text: str) -> tuple[str, str]:
    path, colon, value = text.partition(":")
    if not colon or not path:
        raise ValueError(f"bad format: {text}")
    if not path.startswith("/dev/"):
        raise ValueError(f"bad format for device path: {text}")
    return path, value


def _modes(text: str) -> bool:
    return bool(text) and set(text) <= set("rwm") and len(set(text)) == len(text)
