"""Times as text: RFC 3339, UTC, nanoseconds. The one clock of the state and of every document."""

import calendar
import time

ZERO = "0001-01-01T00:00:00Z"  # what Go prints for a time that was never set

NANO = 1_000_000_000


def now() -> str:
    """Return the present moment."""
    return text(time.time_ns())


def text(nanoseconds: int) -> str:
    """Turn nanoseconds since the epoch into text."""
    seconds, rest = divmod(nanoseconds, NANO)
    year, month, day, hour, minute, second = time.gmtime(seconds)[:6]
    return f"{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{rest:09}Z"


def nanoseconds(moment: str) -> int:
    """Turn an RFC 3339 time into nanoseconds since the epoch; ValueError when it is none.

    The time before all times (ZERO) gives 0, so that "never" sorts first.
    """
    if moment in {"", ZERO}:
        return 0
    date, separator, clock = moment.replace(" ", "T").replace("t", "T").partition("T")
    if not separator:
        raise ValueError(f"not a time: {moment}")
    clock, offset = _split_offset(clock)
    clock, _, fraction = clock.partition(".")
    fields = time.strptime(f"{date}T{clock}", "%Y-%m-%dT%H:%M:%S")
    rest = int((fraction + "000000000")[:9]) if fraction else 0
    return (calendar.timegm(fields) - offset) * NANO + rest


def _split_offset(clock: str) -> tuple[str, int]:
    """Split `07:00:00.5+02:00` into the clock and its offset from UTC in seconds."""
    if clock[-1:] in {"Z", "z"}:
        return clock[:-1], 0
    for sign in "+-":
        if sign in clock:
            clock, _, zone = clock.partition(sign)
            hours, _, minutes = zone.partition(":")
            seconds = int(hours) * 3600 + int(minutes or 0) * 60
            return clock, seconds if sign == "+" else -seconds
    return clock, 0
