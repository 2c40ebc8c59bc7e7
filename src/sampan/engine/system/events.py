"""What happens, as it happens."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from typing import Any

from sampan.base import clock
from sampan.engine import filters as matching
from sampan.engine.engine import Engine
from sampan.engine.events import Event

KNOWN = (
    "config", "container", "daemon", "event", "image", "label", "network", "node", "plugin",
    "scope", "secret", "service", "type", "volume",
)  # fmt: skip
OBJECTS = ("container", "image", "network", "volume", "daemon", "plugin")
FOREVER = 2**63 - 1


async def events(
    engine: Engine,
    *,
    since: str = "",
    until: str = "",
    filters: Mapping[str, list[str]] | None = None,
) -> AsyncIterator[dict[str, Any]]:
    """Give event documents; without end unless until is given."""
    wanted = matching.check(filters, KNOWN)
    first = matching.moment(since) if since not in {"", "0"} else 0
    last = matching.moment(until) if until not in {"", "0"} else FOREVER
    return _events(engine, wanted, first, last, past=since != "")


async def _events(
    engine: Engine, wanted: matching.Filters, first: int, last: int, *, past: bool
) -> AsyncIterator[dict[str, Any]]:
    with engine.events.listen() as listener:
        now = clock.nanoseconds(clock.now())
        known = engine.events.ring.between(first, min(now, last)) if past or last <= now else []
        for event in known:
            if accepts(wanted, event):
                yield event
        if last <= now:
            return
        timeout = None if last == FOREVER else (last - now) / clock.NANO
        try:
            async with asyncio.timeout(timeout):
                async for event in listener:
                    if event["timeNano"] > now and accepts(wanted, event):
                        yield event
        except TimeoutError:
            return


def accepts(wanted: matching.Filters, event: Event) -> bool:
    """Whether an event is asked for."""
    attributes = event["Actor"]["Attributes"]
    action = event["Action"]
    return (
        matching.any_of(wanted, "type", event["Type"].__eq__)
        and matching.any_of(
            wanted, "event", lambda text: text in {action, action.partition(":")[0]}
        )
        and matching.any_of(wanted, "scope", event["scope"].__eq__)
        and matching.labels_match(wanted, attributes)
        and all(_names(wanted, kind, event) for kind in OBJECTS)
    )


def _names(wanted: matching.Filters, kind: str, event: Event) -> bool:
    return matching.any_of(wanted, kind, lambda text: _is_about(event, kind, text))


def _is_about(event: Event, kind: str, text: str) -> bool:
    """Whether an event is about the object a filter names."""
    attributes = event["Actor"]["Attributes"]
    name = attributes.get("name", "")
    if kind == "image" and event["Type"] == "container":
        # "Events of containers of this image", as Docker reads it.
        image = attributes.get("image", "")
        return text in {image, image.partition(":")[0]}
    if event["Type"] != kind:
        return False
    identity = event["Actor"]["ID"]
    return text in {name, identity, name.partition(":")[0]} or (
        bool(text) and identity.removeprefix("sha256:").startswith(text)
    )
