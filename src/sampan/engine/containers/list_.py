"""List containers, filtered."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from sampan.engine.containers.inspect import image_name, sizes
from sampan.engine.documents import container as documents
from sampan.engine.engine import Engine
from sampan.engine.filters import Filters, any_of, check, labels_match
from sampan.engine.spec import ports
from sampan.engine.stores import Stores
from sampan.errors import InvalidRequest, NotFound
from sampan.state.containers import Container

KNOWN = (
    "ancestor", "before", "exited", "expose", "health", "id", "is-task", "isolation", "label",
    "name", "network", "publish", "since", "status", "volume",
)  # fmt: skip
STATUSES = ("created", "running", "paused", "restarting", "removing", "exited", "dead")
HEALTHS = ("none", "starting", "healthy", "unhealthy")

Test = Callable[[Container], bool]


async def list_(
    engine: Engine,
    *,
    all_: bool = False,
    limit: int = 0,
    size: bool = False,
    filters: Mapping[str, list[str]] | None = None,
) -> list[dict[str, Any]]:
    """List containers as ContainerSummary documents, newest first."""
    tests = _tests(engine, check(filters, KNOWN), everything=all_ or limit > 0)
    newest = sorted(engine.containers, key=lambda each: each.created, reverse=True)
    chosen = [each for each in newest if all(test(each) for test in tests)]
    if limit > 0:
        chosen = chosen[:limit]
    return [
        documents.summary(
            each, image_name(engine, each), await sizes(engine, each) if size else None
        )
        for each in chosen
    ]


def _tests(engine: Stores, filters: Filters, *, everything: bool) -> list[Test]:
    """Turn filters into tests that all must pass."""
    tests: list[Test] = [lambda each: labels_match(filters, each.config.labels)]
    explicit = {"status", "exited", "before", "since"} & set(filters)
    if not everything and not explicit & {"status", "exited"}:
        tests.append(lambda each: each.state.running)
    tests += _state_tests(filters)
    tests += _time_tests(engine, filters)
    tests += _name_tests(filters)
    tests += _relation_tests(engine, filters)
    return tests


def _state_tests(filters: Filters) -> list[Test]:
    for value in filters.get("status", ()):
        if value not in STATUSES:
            raise InvalidRequest(f"invalid filter 'status={value}'")
    for value in filters.get("health", ()):
        if value not in HEALTHS:
            raise InvalidRequest(f"invalid filter 'health={value}'")
    for value in filters.get("exited", ()):
        if not value.removeprefix("-").isdecimal():
            raise InvalidRequest(f"invalid filter 'exited={value}'")
    return [
        lambda each: any_of(filters, "status", lambda text: text == each.state.status),
        lambda each: any_of(filters, "health", lambda text: text == _health(each)),
        lambda each: any_of(
            filters,
            "exited",
            lambda text: int(text) == each.state.exit_code and each.state.status == "exited",
        ),
        lambda each: any_of(filters, "is-task", lambda text: text.lower() in {"false", "0"}),
    ]


def _health(container: Container) -> str:
    return container.state.health.status if container.state.health else "none"


def _time_tests(engine: Stores, filters: Filters) -> list[Test]:
    tests: list[Test] = []
    for ref in filters.get("before", ()):
        last = engine.containers.resolve(ref).created
        tests.append(lambda each, last=last: each.created < last)  # type: ignore[misc]
    for ref in filters.get("since", ()):
        first = engine.containers.resolve(ref).created
        tests.append(lambda each, first=first: each.created > first)  # type: ignore[misc]
    return tests


def _name_tests(filters: Filters) -> list[Test]:
    patterns = []
    for text in filters.get("name", ()):
        try:
            patterns.append(re.compile(text))
        except re.error as error:
            raise InvalidRequest(f"invalid filter 'name={text}'") from error
    return [
        lambda each: (
            not patterns
            or any(
                pattern.search(f"/{each.name}") or pattern.search(each.name) for pattern in patterns
            )
        ),
        lambda each: any_of(filters, "id", each.id.startswith),
    ]


def _relation_tests(engine: Stores, filters: Filters) -> list[Test]:
    ancestors = _ancestors(engine, filters)
    return [
        lambda each: not filters.get("ancestor") or each.image_id in ancestors,
        lambda each: any_of(filters, "volume", lambda text: _has_volume(each, text)),
        lambda each: any_of(filters, "network", lambda text: _in_network(each, text)),
        lambda each: any_of(filters, "publish", lambda text: _has_port(each, text, opened=True)),
        lambda each: any_of(filters, "expose", lambda text: _has_port(each, text, opened=False)),
    ]


def _ancestors(engine: Stores, filters: Filters) -> set[str]:
    """Return the ids of the images named and of all made from them."""
    found: set[str] = set()
    for ref in filters.get("ancestor", ()):
        try:
            found.add(engine.images.resolve(ref).id)
        except NotFound:
            continue
    images = engine.images.list(everything=True) if found else []
    grown = True
    while grown:
        more = {each["Id"] for each in images if each["ParentId"] in found} - found
        grown = bool(more)
        found |= more
    return found


def _has_volume(container: Container, text: str) -> bool:
    return any(text in {point.name, point.destination, point.source} for point in container.mounts)


def _in_network(container: Container, text: str) -> bool:
    return any(
        text == name or (text and settings.network_id.startswith(text))
        for name, settings in container.networks.items()
    )


def _has_port(container: Container, text: str, *, opened: bool) -> bool:
    wanted = {ports.key(*each) for each in ports.parse(text)}
    if not opened:
        return bool(wanted & set(container.config.exposed_ports or ()))
    return any(
        bindings
        and (
            key in wanted
            or any(f"{b.host_port}/{key.partition('/')[2]}" in wanted for b in bindings)
        )
        for key, bindings in container.ports.items()
    )
