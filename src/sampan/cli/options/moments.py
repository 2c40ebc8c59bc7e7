"""--since and --until: an age (42m), a date or a time, as the API's seconds.nanoseconds. Pure.

Times without a zone are the user's own; time.mktime knows which that is.
"""

from __future__ import annotations

import time

from sampan.cli.format.times import nanoseconds
from sampan.cli.options.durations import parse as parse_duration

NANO = 1_000_000_000


def parse(text: str, now: float) -> str:
    """Return the API's text for a moment; ValueError when it is none."""
    if not text:
        return ""
    if text != "0":
        try:
            return str(int(now - parse_duration(text) / NANO))
        except ValueError:
            pass  # not an age, so it should be a date
    if "-" in text:
        return _date(text)
    whole, _, fraction = text.partition(".")
    if not whole.isdecimal() or not (fraction or "0").isdecimal():
        raise ValueError(f'failed to parse value as time or duration: "{text}"')
    return text


def _date(text: str) -> str:
    date, _, clock = text.partition("T")
    zoned = clock[-1:] in {"Z", "z"} or "+" in clock or "-" in clock
    bare = clock.rstrip("Zz").partition("+")[0].partition("-")[0]
    zone = clock[len(bare) :] if zoned else "Z"
    # 2013-01-02, T15 and T15:04 are enough.
    full = f"{bare}{'00:00:00'[len(bare) :]}" if len(bare) < 8 else bare
    try:
        nanos = nanoseconds(f"{date}T{full}{zone}")
    except ValueError:
        raise ValueError(f'failed to parse value as time or duration: "{text}"') from None
    if not zoned:
        nanos += _behind(nanos // NANO) * NANO
    return f"{nanos // NANO}.{nanos % NANO:09d}"


def _behind(seconds: int) -> int:
    """Seconds to add to a local clock reading, taken as UTC, to get UTC."""
    reading = time.gmtime(seconds)
    return int(time.mktime((*reading[:8], -1))) - seconds
