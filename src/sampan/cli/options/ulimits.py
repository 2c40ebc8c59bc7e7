"""--ulimit: `nofile=1024:2048` to the API's document. Pure; docker/go-units' rules."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

NAMES = frozenset(
    (
        "as",
        "core",
        "cpu",
        "data",
        "fsize",
        "locks",
        "memlock",
        "msgqueue",
        "nice",
        "nofile",
        "nproc",
        "rss",
        "rtprio",
        "rttime",
        "sigpending",
        "stack",
    )
)


def read_ulimit(text: str) -> dict[str, Any]:
    """Read one limit; ValueError in go-units' words."""
    name, equals, value = text.partition("=")
    if not equals or "=" in value:
        raise ValueError(f"invalid ulimit argument: {text}")
    if name not in NAMES:
        raise ValueError(f"invalid ulimit type: {name}")
    parts = value.split(":")
    if len(parts) > 2:
        raise ValueError(
            f"too many limit value arguments - {value}, can only have up to two, `soft[:hard]`"
        )
    soft = _number(parts[0])
    hard = _number(parts[1]) if len(parts) == 2 else soft
    if hard != -1 and (soft > hard or soft == -1):
        raise ValueError(
            f"ulimit soft limit must be less than or equal to hard limit: {soft} > {hard}"
        )
    return {"Name": name, "Soft": soft, "Hard": hard}


def _number(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise ValueError(f'strconv.ParseInt: parsing "{text}": invalid syntax') from None
