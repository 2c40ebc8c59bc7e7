"""Signals by the names and numbers users write: KILL, SIGKILL, sigkill, 9, RTMIN+3."""

import signal

from sampan.errors import InvalidRequest

TERM = int(signal.SIGTERM)
KILL = int(signal.SIGKILL)

HIGHEST = 64


def number(text: str) -> int:
    """Return the number of a signal; InvalidRequest when there is none."""
    refused = InvalidRequest(f"Invalid signal: {text}")
    if text.isascii() and text.isdecimal():
        value = int(text)
        if not 1 <= value <= HIGHEST:
            raise refused
        return value
    name = text.upper().removeprefix("SIG")
    for edge, sign in (("RTMIN", 1), ("RTMAX", -1)):
        offset = name.removeprefix(edge)
        if offset != name:
            return _realtime(edge, sign, offset, refused)
    found = signal.Signals.__members__.get(f"SIG{name}")
    if found is None:
        raise refused
    return int(found)


def _realtime(edge: str, sign: int, offset: str, refused: InvalidRequest) -> int:
    base = int(signal.SIGRTMIN if edge == "RTMIN" else signal.SIGRTMAX)
    if not offset:
        return base
    separator, digits = offset[0], offset[1:]
    if separator != ("+" if sign > 0 else "-") or not digits.isdecimal():
        raise refused
    value = base + sign * int(digits)
    if not signal.SIGRTMIN <= value <= signal.SIGRTMAX:
        raise refused
    return value
