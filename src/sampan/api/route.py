"""A route, and finding the route of a path. Knows no handlers.

Patterns are paths with one {name}: a segment, or with {name...} anything (image names have
slashes in them). Routes are tried in the order of their tables, plain paths first.
"""

import re
from collections.abc import Awaitable, Callable, Iterable
from typing import NamedTuple

from sampan.api.call import Call
from sampan.api.versions import NEWEST, OLDEST, Version
from sampan.http.messages import Response

Handler = Callable[[Call], Awaitable[Response | None]]


class Route(NamedTuple):
    """One line of a route table.

    cancel says that a client who leaves takes the work with it (streams, waits); everything
    else is carried to its end.
    """

    method: str
    pattern: str
    handler: Handler
    cancel: bool = False
    since: Version = OLDEST
    until: Version = NEWEST


class Router:
    """All routes, indexed."""

    def __init__(self, tables: Iterable[Iterable[Route]]) -> None:
        self._plain: dict[tuple[str, str], list[Route]] = {}
        self._patterns: dict[tuple[str, str], list[tuple[re.Pattern[str], Route]]] = {}
        for table in tables:
            for route in table:
                self._add(route)

    def _add(self, route: Route) -> None:
        if "{" not in route.pattern:
            self._plain.setdefault((route.method, route.pattern), []).append(route)
            return
        head = route.pattern.split("/", 2)[1]
        self._patterns.setdefault((route.method, head), []).append((_regex(route.pattern), route))

    def find(self, method: str, path: str, version: Version) -> tuple[Route, dict[str, str]] | None:
        """The route of a request and the name in its path."""
        for route in self._plain.get((method, path), ()):
            if route.since <= version <= route.until:
                return route, {}
        head = path.split("/", 2)[1] if path.startswith("/") else ""
        for pattern, route in self._patterns.get((method, head), ()):
            match = pattern.fullmatch(path)
            if match is not None and route.since <= version <= route.until:
                return route, match.groupdict()
        return None


def _regex(pattern: str) -> re.Pattern[str]:
    text = re.escape(pattern).replace(r"\{name\.\.\.\}", "(?P<name>.+)")
    return re.compile(text.replace(r"\{name\}", "(?P<name>[^/]+)"), re.DOTALL)
