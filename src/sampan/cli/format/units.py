"""Sizes and ages as Docker shows them: 1.5MB, 12.3MiB, About an hour. Pure.

The steps and words are those of github.com/docker/go-units, which users' scripts parse.
"""

from __future__ import annotations

DECIMAL = ("B", "kB", "MB", "GB", "TB", "PB", "EB", "ZB", "YB")
BINARY = ("B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB", "ZiB", "YiB")

MINUTE = 60
HOUR = 3600


def size(count: float, digits: int = 4) -> str:
    """Return a size in powers of 1000, as `images` and `ps -s` show it."""
    return _scaled(count, 1000.0, DECIMAL, digits)


def binary_size(count: float) -> str:
    """Return a size in powers of 1024, as `stats` and `info` show memory."""
    return _scaled(count, 1024.0, BINARY, 4)


def age(seconds: float) -> str:
    """Return how long ago something was, roughly."""
    whole = int(seconds)
    if whole < 1:
        return "Less than a second"
    if whole == 1:
        return "1 second"
    if whole < MINUTE:
        return f"{whole} seconds"
    minutes = whole // MINUTE
    if minutes == 1:
        return "About a minute"
    if minutes < 60:
        return f"{minutes} minutes"
    # Go rounds the hours, and only the hours.
    hours = int(seconds / HOUR + 0.5)
    if hours == 1:
        return "About an hour"
    return _long(hours)


def _long(hours: int) -> str:
    if hours < 48:
        return f"{hours} hours"
    if hours < 24 * 7 * 2:
        return f"{hours // 24} days"
    if hours < 24 * 30 * 2:
        return f"{hours // 24 // 7} weeks"
    if hours < 24 * 365 * 2:
        return f"{hours // 24 // 30} months"
    return f"{hours // 24 // 365} years"


def _scaled(count: float, base: float, units: tuple[str, ...], digits: int) -> str:
    step = 0
    while count >= base and step < len(units) - 1:
        count /= base
        step += 1
    return f"{count:.{digits}g}{units[step]}"
