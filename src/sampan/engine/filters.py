"""Filters of the listing and pruning screens: names checked, labels and times matched. Pure."""

from collections.abc import Callable, Iterable, Mapping

from sampan.base import clock
from sampan.errors import InvalidRequest

Filters = Mapping[str, list[str]]


def check(filters: Filters | None, known: Iterable[str]) -> Filters:
    """Refuse filters a screen does not know, with Docker's words."""
    allowed = set(known)
    for name in filters or {}:
        if name not in allowed:
            raise InvalidRequest(f"invalid filter '{name}'")
    return filters or {}


def labels_match(filters: Filters, labels: Mapping[str, str] | None) -> bool:
    """Whether an object has all of `label` and none of `label!`."""
    have = labels or {}
    wanted = all(_has(have, text) for text in filters.get("label", ()))
    return wanted and not any(_has(have, text) for text in filters.get("label!", ()))


def _has(labels: Mapping[str, str], text: str) -> bool:
    name, separator, value = text.partition("=")
    return name in labels and (not separator or labels[name] == value)


def truth(filters: Filters, name: str) -> bool | None:
    """Read a filter that is true or false; None when it is not given."""
    values = filters.get(name, [])
    if not values:
        return None
    found = {
        **dict.fromkeys(("1", "t", "true"), True),
        **dict.fromkeys(("0", "f", "false"), False),
    }
    if any(value.lower() not in found for value in values):
        raise InvalidRequest(f"invalid filter '{name}={values}'")
    return found[values[0].lower()]


def until(filters: Filters) -> int:
    """Read `until`, a time or a duration ago, in nanoseconds; 0 when it is not given."""
    values = filters.get("until", [])
    if not values:
        return 0
    if len(values) > 1:
        raise InvalidRequest("more than one until filter specified")
    return moment(values[0])


def moment(text: str) -> int:
    """Read a UNIX time, an RFC 3339 time or a Go duration ago, in nanoseconds."""
    seconds, _, fraction = text.partition(".")
    if seconds.isdecimal() and len(seconds) < 19 and (not fraction or fraction.isdecimal()):
        return int(seconds) * clock.NANO + int((fraction + "000000000")[:9])
    ago = duration(text)
    if ago is not None:
        return clock.nanoseconds(clock.now()) - ago
    try:
        return clock.nanoseconds(text if "T" in text else f"{text}T00:00:00")
    except ValueError as error:
        raise InvalidRequest(f"failed to parse value as time or duration: {text!r}") from error


UNITS = {
    "ns": 1,
    "us": 1_000,
    "ms": 1_000_000,
    "s": clock.NANO,
    "m": 60 * clock.NANO,
    "h": 3600 * clock.NANO,
}


def duration(text: str) -> int | None:
    """Read a Go duration such as 1h30m, in nanoseconds; None when it is none."""
    total, rest = 0.0, text
    if not rest:
        return None
    while rest:
        digits = rest[: len(rest) - len(rest.lstrip("0123456789."))]
        rest = rest[len(digits) :]
        unit = rest[: len(rest) - len(rest.lstrip("abcdefghijklmnopqrstuvwxyz"))]
        rest = rest[len(unit) :]
        if unit not in UNITS or not _is_number(digits):
            return None
        total += float(digits) * UNITS[unit]
    return int(total)


def _is_number(digits: str) -> bool:
    return len(digits) < 19 and digits.count(".") <= 1 and bool(digits.strip("."))


def any_of(filters: Filters, name: str, accepts: Callable[[str], bool]) -> bool:
    """Whether a filter is not given, or one of its values is accepted."""
    values = filters.get(name, [])
    return not values or any(accepts(value) for value in values)
