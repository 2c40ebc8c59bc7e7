"""What the daemon is told: flags and configuration file put together, and checked.

Settings are held by their keys in the configuration file. What one flag and the file both
say is refused, as dockerd does, rather than one of them winning silently.
"""

from collections.abc import Mapping
from typing import Any

import msgspec

from sampan.base import files
from sampan.daemon.options import BY_FLAG, BY_KEY, MERGED, OPTIONS, Option
from sampan.daemon.values import KINDS

MAX_FILE = 1 << 20


class BadConfig(Exception):
    """The configuration cannot be used; the text says why."""


Settings = dict[str, Any]


def load(flags: Mapping[str, Any]) -> Settings:
    """All settings, from flags, file and defaults."""
    path = flags.get("config-file", BY_FLAG["config-file"].default)
    found = read_file(path, required="config-file" in flags)
    return merge(flags, found, path)


def read_file(path: str, *, required: bool) -> dict[str, Any]:
    """The configuration file as it stands; empty when it may be missing and is."""
    try:
        text = files.read(path, MAX_FILE)
    except FileNotFoundError:
        if required:
            raise BadConfig(f"configuration file {path} does not exist") from None
        return {}
    except (OSError, ValueError) as error:
        raise BadConfig(f"cannot read configuration file {path}: {error}") from error
    if not text.strip():
        return {}
    try:
        found = msgspec.json.decode(text, type=dict[str, Any])
    except (msgspec.DecodeError, UnicodeError) as error:
        raise BadConfig(f"configuration file {path} is not JSON: {error}") from error
    return found


def merge(flags: Mapping[str, Any], found: Mapping[str, Any], path: str) -> Settings:
    """Put flags and file together; BadConfig names what is unknown, doubled or wrong."""
    where = f"unable to configure the daemon with file {path}"
    unknown = sorted(set(found) - set(BY_KEY))
    if unknown:
        names = ", ".join(unknown)
        raise BadConfig(
            f"{where}: the following directives don't match any configuration option: {names}"
        )
    given = {BY_FLAG[name].key: value for name, value in flags.items() if BY_FLAG[name].key}
    doubled = [
        f"{key}: (from flag: {_show(given[key])}, from file: {_show(found[key])})"
        for key in sorted(set(given) & set(found) - MERGED)
    ]
    if doubled:
        raise BadConfig(
            f"{where}: the following directives are specified both as a flag and in the"
            f" configuration file: {', '.join(doubled)}"
        )
    settings = {option.key or option.flag: option.default for option in OPTIONS}
    for key, value in found.items():
        try:
            settings[key] = KINDS[BY_KEY[key].kind].take(value)
        except ValueError as error:
            raise BadConfig(f"{where}: {key} {error}") from None
    for name, value in flags.items():
        _set(settings, BY_FLAG[name], value)
    _check(settings)
    return settings


def _set(settings: Settings, option: Option, value: Any) -> None:  # noqa: ANN401 - a value
    key = option.key or option.flag
    settings[key] = {**settings[key], **value} if key in MERGED else value


def _check(settings: Settings) -> None:
    for option in OPTIONS:
        key = option.key or option.flag
        if option.absent and settings[key] != option.default:
            raise BadConfig(f"--{option.flag} {option.absent}")
    if settings["tls"]:
        raise BadConfig("--tls is not there yet in this build")
    for label in settings["labels"]:
        if "=" not in label or label.startswith("="):
            raise BadConfig(f"bad label {label!r}: must be key=value")
    for key in ("shutdown-timeout", "mtu"):
        if settings[key] < 0:
            raise BadConfig(f"invalid {key}: {settings[key]}")
    for key in ("data-root", "exec-root"):
        if not settings[key].startswith("/"):
            raise BadConfig(f"--{key} must be an absolute path: {settings[key]}")


def _show(value: Any) -> str:  # noqa: ANN401 - a value
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"[{' '.join(value)}]" if isinstance(value, list) else str(value)
