"""Events as Docker tells them. Only the engine publishes; nobody is slowed by a slow listener."""

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from sampan.state.events import EventRing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sampan.state.containers import Container

Event = dict[str, Any]

BACKLOG = 8192  # events a listener may be behind before it is let go


class Listener:
    """One reader of events."""

    def __init__(self) -> None:
        self._queue: asyncio.Queue[Event | None] = asyncio.Queue(BACKLOG)

    def put(self, event: Event | None) -> None:
        """Hand an event over; one who is too far behind sees the end of the stream."""
        if self._queue.full():
            while not self._queue.empty():
                self._queue.get_nowait()
            event = None
        self._queue.put_nowait(event)

    async def __aiter__(self) -> AsyncIterator[Event]:
        """Give events until the stream ends."""
        while (event := await self._queue.get()) is not None:
            yield event


class Events:
    """The publisher."""

    def __init__(self) -> None:
        self.ring = EventRing()
        self._listeners: set[Listener] = set()

    @property
    def listeners(self) -> int:
        """How many listen."""
        return len(self._listeners)

    def publish(
        self, kind: str, action: str, actor: str, attributes: Mapping[str, str] | None = None
    ) -> None:
        """Tell everybody."""
        moment = time.time_ns()
        given = dict(attributes or {})
        event: Event = {
            "Type": kind,
            "Action": action,
            "Actor": {"ID": actor, "Attributes": given},
            "scope": "local",
            "time": moment // 1_000_000_000,
            "timeNano": moment,
        }
        # The words of before API 1.22, which docker-py and others still read.
        if kind in {"container", "image"}:
            event = {"status": action, "id": actor, **event}
        if kind == "container":
            event["from"] = given.get("image", "")
        self.ring.add(event)
        for listener in self._listeners:
            listener.put(event)

    def container(
        self, container: "Container", action: str, extra: Mapping[str, str] | None = None
    ) -> None:
        """Tell of a container."""
        self.publish("container", action, container.id, _attributes(container, extra))

    @contextmanager
    def listen(self) -> "Iterator[Listener]":
        """Listen from now on."""
        listener = Listener()
        self._listeners.add(listener)
        try:
            yield listener
        finally:
            self._listeners.discard(listener)

    def close(self) -> None:
        """End all streams."""
        for listener in self._listeners:
            listener.put(None)


def _attributes(container: "Container", extra: Mapping[str, str] | None) -> dict[str, str]:
    config = container.config
    return {
        **(config.labels or {}),
        **(extra or {}),
        "image": config.image,
        "name": container.name,
    }
