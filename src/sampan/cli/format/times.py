"""Times as the API writes them to seconds, and to the text Docker's lists show. Pure.

time.strptime and datetime would do, and cost more to import than the rest of `ps`.
"""

from __future__ import annotations

import time

DAYS_BEFORE = (0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334)


def nanoseconds(text: str) -> int:
    """Turn an RFC 3339 time into nanoseconds since the epoch; ValueError when it is none."""
    date, _, clock = text.partition("T")
    year, month, day = (int(part) for part in date.split("-"))
    clock, offset = _zone(clock)
    clock, _, fraction = clock.partition(".")
    hours, minutes, seconds = (int(part) for part in clock.split(":"))
    whole = _days(year, month, day) * 86400 + hours * 3600 + minutes * 60 + seconds - offset
    return whole * 1_000_000_000 + int((fraction + "000000000")[:9])


def local(seconds: int) -> str:
    """Return a moment as Go prints a local time: 2026-11-21 03:15:56 +0000 UTC."""
    moment = time.localtime(seconds)
    return time.strftime("%Y-%m-%d %H:%M:%S %z %Z", moment)


def local_nano(nanos: int) -> str:
    """Return a moment in the user's zone with all its digits, as events show it."""
    whole = rfc3339(nanos // 1_000_000_000)
    return f"{whole[:19]}.{nanos % 1_000_000_000:09d}{whole[19:]}"


def rfc3339(seconds: int) -> str:
    """Return a moment in the user's zone as lists show it: 2026-11-21T03:15:56Z."""
    moment = time.localtime(seconds)
    zone = time.strftime("%z", moment)
    zone = "Z" if zone in {"", "+0000"} else f"{zone[:3]}:{zone[3:]}"
    return time.strftime("%Y-%m-%dT%H:%M:%S", moment) + zone


def _zone(clock: str) -> tuple[str, int]:
    if clock[-1:] in {"Z", "z"}:
        return clock[:-1], 0
    for sign in "+-":
        time_part, found, zone = clock.partition(sign)
        if found:
            hours, _, minutes = zone.partition(":")
            seconds = int(hours) * 3600 + int(minutes or 0) * 60
            return time_part, seconds if sign == "+" else -seconds
    return clock, 0


def _days(year: int, month: int, day: int) -> int:
    """Days since 1970-01-01 in the Gregorian calendar."""
    if not (1 <= month <= 12 and 1 <= day <= 31):
        raise ValueError(f"no such date: {year}-{month}-{day}")
    past = year - 1
    leaps = past // 4 - past // 100 + past // 400
    leap_day = month > 2 and (year % 4 == 0 and year % 100 != 0 or year % 400 == 0)
    return past * 365 + leaps + DAYS_BEFORE[month - 1] + leap_day + day - 1 - 719162
