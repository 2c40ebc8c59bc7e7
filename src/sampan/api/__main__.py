"""Prints the table of routes as Markdown: `python -m sampan.api > docs/api.md`."""

import sys

from sampan.api import versions
from sampan.api.route import Route
from sampan.api.routes import TABLES
from sampan.version import API_VERSION, MIN_API_VERSION

HEAD = f"""# The Engine API

Sampan speaks Docker's Engine API, versions {MIN_API_VERSION} to {API_VERSION}, with `/v1.NN`
in front of the path or without. Docker's own reference says what each call takes and gives; this
page says which calls there are. It is generated: `python -m sampan.api > docs/api.md`.

Calls marked *stream* end when the client leaves; all others are carried to their end even then.

| call | | since | |
| --- | --- | --- | --- |
"""


def page() -> str:
    """The whole page."""
    return HEAD + "".join(_line(route) for table in TABLES for route in table)


def _line(route: Route) -> str:
    path = route.pattern.replace("...", "")
    what = (route.handler.__doc__ or "").strip().partition("\n")[0]
    since = ".".join(map(str, route.since)) if route.since > versions.OLDEST else ""
    stream = "stream" if route.cancel else ""
    return f"| `{route.method} {path}` | {what} | {since} | {stream} |\n"


if __name__ == "__main__":
    sys.stdout.write(page())
