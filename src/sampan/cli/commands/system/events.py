"""sampan system events, sampan events: what happens, as it happens."""

from __future__ import annotations

import time

from sampan.cli.errors import CommandError
from sampan.cli.flags import DOCUMENT_FORMAT, FILTER, STRING, Flag
from sampan.cli.format.times import local_nano
from sampan.cli.load import load
from sampan.cli.options.moments import parse
from sampan.client.jsontext import dumps
from sampan.client.url import filters

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from sampan.cli.context import Context
    from sampan.cli.flags import Options

USAGE = "[OPTIONS]"
ARGUMENTS = (0, 0)
FLAGS = (
    Flag("filter", "f", FILTER, "Filter output based on conditions provided"),
    Flag("format", "", STRING, DOCUMENT_FORMAT.text),
    Flag("since", "", STRING, "Show all events created since timestamp"),
    Flag("until", "", STRING, "Stream events until this timestamp"),
)
# The API's names where they differ from those that templates know.
FIELDS = {
    "ID": "id",
    "Status": "status",
    "From": "from",
    "Scope": "scope",
    "Time": "time",
    "TimeNano": "timeNano",
}
EMPTY = {"Time": 0, "TimeNano": 0}


class Event:
    """One event as a template sees it."""

    __slots__ = ("_found",)

    def __init__(self, found: dict[str, Any]) -> None:
        self._found = found

    def field(self, name: str) -> Any:  # noqa: ANN401
        """Return a field; KeyError when events have none of this name."""
        if name in FIELDS:
            return self._found.get(FIELDS[name], EMPTY.get(name, ""))
        return self._found[name]

    def document(self) -> dict[str, Any]:
        """Return the event as the API has it."""
        return self._found


def run(context: Context, options: Options, _arguments: list[str]) -> int:
    """Print events until there are no more to come, or somebody has had enough."""
    values = {
        "since": _moment(options.text("since")),
        "until": _moment(options.text("until")),
        "filters": filters(options.many("filter")),
    }
    show = _shower(options.text("format"))
    for event in context.client.documents("GET", "/events", values):
        context.out.line(show(event))
    return 0


def line(event: dict[str, Any]) -> str:
    """Return the line for one event. Pure."""
    actor = event.get("Actor") or {}
    attributes = sorted((actor.get("Attributes") or {}).items())
    about = ", ".join(f"{key}={value}" for key, value in attributes)
    nanos = event.get("timeNano") or event.get("time", 0) * 1_000_000_000
    words = [local_nano(nanos), event["Type"], event["Action"], actor.get("ID", "")]
    return " ".join(words) + (f" ({about})" if about else "")


def _shower(format_: str) -> Callable[[dict[str, Any]], str]:
    if not format_:
        return line
    if format_ == "json":
        return dumps
    template = load("sampan.cli.format.template").Template(
        format_, failure="Error parsing format", code=64
    )
    return lambda event: str(template.run(Event(event)))


def _moment(text: str) -> str | None:
    try:
        return parse(text, time.time()) or None
    except ValueError as error:
        raise CommandError(f"Error response from daemon: {error}") from None
