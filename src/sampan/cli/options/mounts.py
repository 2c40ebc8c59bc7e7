"""-v, --mount, --tmpfs: from words to Binds, Volumes, Mounts and Tmpfs. Pure but for `.`.

A relative source (`./data`) is one of the user's own directory, so it is made absolute here.
"""

from __future__ import annotations

import os

from sampan.cli.flags import read_bool
from sampan.cli.options.keyvalue import fields
from sampan.cli.options.sizes import parse as parse_size

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

# Which document of a Mount takes which key, and the type that it goes with.
BUNDLES = {
    "bind": "BindOptions",
    "volume": "VolumeOptions",
    "image": "ImageOptions",
    "tmpfs": "TmpfsOptions",
}
_NAMES = {"src": "source", "dst": "target", "destination": "target", "ro": "readonly"}


def volumes(words: Iterable[str]) -> tuple[list[str], dict[str, dict[str, str]]]:
    """Return what -v binds, and the anonymous volumes it asks for."""
    binds: list[str] = []
    anonymous: dict[str, dict[str, str]] = {}
    for word in words:
        source, colon, rest = word.partition(":")
        if not colon or not source:
            anonymous[word] = {}
        elif source == "." or source.startswith(("./", "../", "~/")):
            binds.append(f"{os.path.abspath(os.path.expanduser(source))}:{rest}")
        else:
            binds.append(word)
    return binds, anonymous


def tmpfs(words: Iterable[str]) -> dict[str, str]:
    """Return --tmpfs as path to options."""
    found = {}
    for word in words:
        path, _, options = word.partition(":")
        found[path] = options
    return found


def read_mount(text: str) -> dict[str, Any]:
    """Read one --mount; ValueError in Docker's words."""
    mount: dict[str, Any] = {"Type": "volume"}
    for field in fields(text):
        key, equals, value = field.partition("=")
        key = _NAMES.get(key.lower(), key.lower())
        if not equals and key not in _SWITCHES:
            raise ValueError(f"invalid field '{field}' must be a key=value pair")
        setter = _KEYS.get(key)
        if setter is None:
            raise ValueError(f"unexpected key '{key}' in '{field}'")
        setter(mount, key, value if equals else "true")
    _check(mount)
    return mount


def _check(mount: dict[str, Any]) -> None:
    if not mount["Type"]:
        raise ValueError("type is required")
    if not mount.get("Target"):
        raise ValueError("target is required")
    for kind, bundle in BUNDLES.items():
        if bundle in mount and mount["Type"] != kind:
            raise ValueError(f"cannot mix '{kind}-*' options with mount type '{mount['Type']}'")
    bind = mount.get("BindOptions", {})
    if mount.get("ReadOnly"):
        return
    for option, word in (
        ("ReadOnlyNonRecursive", "writable"),
        ("ReadOnlyForceRecursive", "readonly"),
    ):
        if bind.get(option):
            raise ValueError(
                f"option 'bind-recursive={word}' requires 'readonly' to be specified in conjunction"
            )


def _bundle(mount: dict[str, Any], key: str) -> dict[str, Any]:
    kind = key.partition("-")[0]
    found: dict[str, Any] = mount.setdefault(BUNDLES[kind], {})
    return found


def _driver(mount: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = _bundle(mount, "volume-").setdefault("DriverConfig", {})
    return found


def _boolean(key: str, value: str) -> bool:
    try:
        return read_bool(value)
    except ValueError:
        raise ValueError(f"invalid value for {key}: {value}") from None


def _set_type(mount: dict[str, Any], _key: str, value: str) -> None:
    mount["Type"] = value.lower()


def _set_source(mount: dict[str, Any], _key: str, value: str) -> None:
    relative = value == "." or value.startswith("./")
    mount["Source"] = os.path.abspath(value) if relative else value


def _set_target(mount: dict[str, Any], _key: str, value: str) -> None:
    mount["Target"] = value


def _set_readonly(mount: dict[str, Any], key: str, value: str) -> None:
    mount["ReadOnly"] = _boolean(key, value)


def _set_consistency(mount: dict[str, Any], _key: str, value: str) -> None:
    mount["Consistency"] = value.lower()


def _set_propagation(mount: dict[str, Any], key: str, value: str) -> None:
    _bundle(mount, key)["Propagation"] = value.lower()


def _set_nonrecursive(mount: dict[str, Any], key: str, value: str) -> None:
    _bundle(mount, key)["NonRecursive"] = _boolean(key, value)


def _set_recursive(mount: dict[str, Any], key: str, value: str) -> None:
    options = _bundle(mount, key)
    if value == "disabled":
        options["NonRecursive"] = True
    elif value == "writable":
        options["ReadOnlyNonRecursive"] = True
    elif value == "readonly":
        options["ReadOnlyForceRecursive"] = True
    elif value != "enabled":
        raise ValueError(
            f"invalid value for bind-recursive: {value} "
            '(must be "enabled", "disabled", "writable", or "readonly")'
        )


def _set_create(mount: dict[str, Any], key: str, value: str) -> None:
    _bundle(mount, key)["CreateMountpoint"] = _boolean(key, value)


def _set_nocopy(mount: dict[str, Any], key: str, value: str) -> None:
    _bundle(mount, key)["NoCopy"] = _boolean(key, value)


def _set_subpath(mount: dict[str, Any], key: str, value: str) -> None:
    _bundle(mount, key)["Subpath"] = value


def _set_label(mount: dict[str, Any], key: str, value: str) -> None:
    name, _, text = value.partition("=")
    _bundle(mount, key).setdefault("Labels", {})[name] = text


def _set_driver(mount: dict[str, Any], _key: str, value: str) -> None:
    _driver(mount)["Name"] = value


def _set_driver_option(mount: dict[str, Any], _key: str, value: str) -> None:
    name, _, text = value.partition("=")
    _driver(mount).setdefault("Options", {})[name] = text


def _set_tmpfs_size(mount: dict[str, Any], key: str, value: str) -> None:
    try:
        _bundle(mount, key)["SizeBytes"] = parse_size(value)
    except ValueError:
        raise ValueError(f"invalid value for {key}: {value}") from None


def _set_tmpfs_mode(mount: dict[str, Any], key: str, value: str) -> None:
    try:
        _bundle(mount, key)["Mode"] = int(value, 8)
    except ValueError:
        raise ValueError(f"invalid value for {key}: {value}") from None


_KEYS = {
    "type": _set_type,
    "source": _set_source,
    "target": _set_target,
    "readonly": _set_readonly,
    "consistency": _set_consistency,
    "bind-propagation": _set_propagation,
    "bind-nonrecursive": _set_nonrecursive,
    "bind-recursive": _set_recursive,
    "bind-create-src": _set_create,
    "volume-nocopy": _set_nocopy,
    "volume-subpath": _set_subpath,
    "volume-label": _set_label,
    "volume-driver": _set_driver,
    "volume-opt": _set_driver_option,
    "image-subpath": _set_subpath,
    "tmpfs-size": _set_tmpfs_size,
    "tmpfs-mode": _set_tmpfs_mode,
}
_SWITCHES = frozenset(("readonly", "volume-nocopy", "bind-nonrecursive"))
