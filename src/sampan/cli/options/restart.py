"""--restart: `on-failure:3` to the API's RestartPolicy. Pure."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def restart(text: str) -> dict[str, Any]:
    """Read a policy; the daemon says which names it knows."""
    if not text:
        return {"Name": "", "MaximumRetryCount": 0}
    name, colon, count = text.partition(":")
    if colon and not name:
        raise ValueError(f"invalid restart policy format: no policy provided before colon: {text}")
    if not colon:
        return {"Name": name, "MaximumRetryCount": 0}
    digits = count.removeprefix("-")
    if not digits.isdecimal():
        raise ValueError("invalid restart policy format: maximum retry count must be an integer")
    return {"Name": name, "MaximumRetryCount": int(count)}
