"""Filters of images: patterns on names, labels, dates. Pure."""

import re
import time
from collections.abc import Iterable, Mapping

from sampan.base import clock
from sampan.errors import InvalidRequest
from sampan.oci.reference import Reference

_TRUE = frozenset(("1", "t", "T", "true", "TRUE", "True"))
_FALSE = frozenset(("0", "f", "F", "false", "FALSE", "False"))
_DURATION = re.compile(r"(?:(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h))")
_UNITS = {"ns": 1e-9, "us": 1e-6, "µs": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0}


def check(filters: Mapping[str, list[str]], allowed: Iterable[str]) -> None:
    """Refuse filters that mean nothing here."""
    for key in filters:
        if key not in set(allowed):
            raise InvalidRequest(f"invalid filter '{key}'")


def flag(filters: Mapping[str, list[str]], key: str, *, default: bool | None) -> bool | None:
    """Read a filter that is true or false."""
    values = filters.get(key)
    if not values:
        return default
    if all(value in _TRUE for value in values):
        return True
    if all(value in _FALSE for value in values):
        return False
    raise InvalidRequest(f"invalid filter '{key}={values}'")


def labels(wanted: Iterable[str], found: Mapping[str, str]) -> bool:
    """Whether all of `key` and `key=value` hold."""
    for item in wanted:
        key, separator, value = item.partition("=")
        if key not in found or (separator and found[key] != value):
            return False
    return True


def reference(pattern: str, candidate: Reference) -> bool:
    """Whether a shell pattern fits a name, as users write it, with or without its tag."""
    compiled = _compile(pattern)
    return bool(compiled.match(candidate.familiar) or compiled.match(candidate.familiar_name))


def _compile(pattern: str) -> re.Pattern[str]:
    """Translate Go's path.Match, whose * and ? stop at slashes."""
    out = []
    at = 0
    while at < len(pattern):
        char = pattern[at]
        at += 1
        if char == "*":
            out.append("[^/]*")
        elif char == "?":
            out.append("[^/]")
        elif char == "\\" and at < len(pattern):
            out.append(re.escape(pattern[at]))
            at += 1
        elif char == "[":
            end = pattern.find("]", at)
            if end < 0:
                raise InvalidRequest(f"invalid reference filter {pattern!r}: syntax error")
            out.append("[" + pattern[at:end].replace("\\", "\\\\") + "]")
            at = end + 1
        else:
            out.append(re.escape(char))
    try:
        return re.compile("".join(out) + r"\Z")
    except re.error:
        raise InvalidRequest(f"invalid reference filter {pattern!r}: syntax error") from None


def moment(text: str) -> int:
    """Turn a date, a Unix time or an age ("24h") into nanoseconds since the epoch."""
    parts = _DURATION.findall(text)
    try:
        if parts and "".join(number + unit for number, unit in parts) == text:
            age = sum(float(number) * _UNITS[unit] for number, unit in parts)
            return time.time_ns() - int(age * clock.NANO)
        return int(float(text) * clock.NANO)
    except (ValueError, OverflowError):  # OverflowError: so many digits are infinity
        pass
    try:
        return clock.nanoseconds(text if "T" in text else f"{text}T00:00:00Z")
    except ValueError:
        raise InvalidRequest(f"invalid filter 'until={text}'") from None
