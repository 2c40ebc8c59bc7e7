"""Durations as Go writes them (1h30m, 500ms) to nanoseconds. Pure."""

from __future__ import annotations

UNITS = {
    "ns": 1,
    "us": 1_000,
    "µs": 1_000,
    "ms": 1_000_000,
    "s": 1_000_000_000,
    "m": 60_000_000_000,
    "h": 3_600_000_000_000,
}
_DIGITS = "0123456789."


def parse(text: str) -> int:
    """Read what Go's time.ParseDuration reads; ValueError in its words."""
    rest = text[1:] if text[:1] in {"+", "-"} else text
    if rest == "0":
        return 0
    total = 0.0
    if not rest:
        raise ValueError(f'time: invalid duration "{text}"')
    while rest:
        number, rest = _span(rest, inside=True)
        unit, rest = _span(rest, inside=False)
        if not number.strip("."):
            raise ValueError(f'time: invalid duration "{text}"')
        if not unit:
            raise ValueError(f'time: missing unit in duration "{text}"')
        if unit not in UNITS:
            raise ValueError(f'time: unknown unit "{unit}" in duration "{text}"')
        try:
            total += float(number) * UNITS[unit]
        except ValueError:
            raise ValueError(f'time: invalid duration "{text}"') from None
    return round(-total if text[0] == "-" else total)


def _span(text: str, *, inside: bool) -> tuple[str, str]:
    """Cut off the digits at the start, or what is before the next digit."""
    at = 0
    while at < len(text) and (text[at] in _DIGITS) is inside:
        at += 1
    return text[:at], text[at:]
