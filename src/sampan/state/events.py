"""The last events, kept in a ring for `events --since`. In memory only, as Docker keeps them."""

from collections import deque
from typing import Any

LIMIT = 512


class EventRing:
    """The newest events, oldest first."""

    def __init__(self, limit: int = LIMIT) -> None:
        self._events: deque[dict[str, Any]] = deque(maxlen=limit)

    def add(self, event: dict[str, Any]) -> None:
        """Keep an event; the oldest goes when there is no room."""
        self._events.append(event)

    def between(self, since: int, until: int) -> list[dict[str, Any]]:
        """Return the events of a span of time, in nanoseconds, both ends included."""
        return [event for event in self._events if since <= event["timeNano"] <= until]
