"""Events: told, kept, filtered."""

import asyncio

from sampan.engine.events import BACKLOG, Events
from sampan.engine.system.events import accepts


def published(*args, **kwargs) -> dict:
    events = Events()
    events.publish(*args, **kwargs)
    return events.ring.between(0, 2**63 - 1)[0]


def test_a_container_event_has_the_old_words_too() -> None:
    event = published("container", "start", "c1", {"image": "busybox", "name": "web"})
    assert (event["status"], event["id"], event["from"]) == ("start", "c1", "busybox")
    assert event["Actor"] == {"ID": "c1", "Attributes": {"image": "busybox", "name": "web"}}
    assert event["timeNano"] // 10**9 == event["time"]


def test_a_network_event_has_not() -> None:
    assert "status" not in published("network", "create", "n1", {"name": "net"})


def test_listeners_hear_what_comes_after_them() -> None:
    async def main() -> list[str]:
        events = Events()
        events.publish("container", "before", "c1")
        with events.listen() as listener:
            events.publish("container", "after", "c1")
            events.close()
            return [event["Action"] async for event in listener]

    assert asyncio.run(main()) == ["after"]


def test_a_listener_who_is_too_slow_sees_the_end() -> None:
    async def main() -> int:
        events = Events()
        with events.listen() as listener:
            for _ in range(BACKLOG + 1):
                events.publish("container", "x", "c1")
            return len([event async for event in listener])

    assert asyncio.run(main()) == 0


def test_filters_accept_what_they_name() -> None:
    event = published(
        "container",
        "health_status: healthy",
        "abc",
        {"image": "busybox:1", "name": "web", "l": "1"},
    )
    for wanted in (
        {},
        {"container": ["web"]},
        {"container": ["ab"]},
        {"event": ["health_status"]},
        {"type": ["container", "image"]},
        {"image": ["busybox"]},
        {"label": ["l=1"]},
        {"event": ["die", "health_status: healthy"]},
    ):
        assert accepts(wanted, event), wanted
    for wanted in (
        {"container": ["other"]},
        {"event": ["start"]},
        {"type": ["network"]},
        {"network": ["web"]},
        {"label": ["l=2"]},
        {"container": ["web"], "event": ["die"]},
    ):
        assert not accepts(wanted, event), wanted
