"""stats that go on: a stream for each container, newcomers and leavers by events, one screen.

One thread polls all streams; the screen is drawn again twice a second. Loaded only for
`sampan stats` without --no-stream.
"""

from __future__ import annotations

import select
import time

from sampan.client.api import Documents
from sampan.client.errors import ApiError
from sampan.client.url import filters, segment

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from sampan.cli.context import Context
    from sampan.cli.flags import Options

# Seconds between two drawings, as docker does it.
PAUSE = 0.5
CLEAR = "\x1b[H\x1b[2J"
COME = frozenset(("start",))
GONE = frozenset(("die", "destroy"))


class _Watch:
    """All streams that are open, and the last sample of each container."""

    def __init__(self, context: Context) -> None:
        self._client = context.client
        self._poll = select.poll()
        self._streams: dict[int, tuple[str, Documents]] = {}
        self.rows: dict[str, dict[str, Any]] = {}

    def open(self, key: str, path: str, values: dict[str, object]) -> None:
        """Open one more stream on a connection of its own."""
        documents = Documents(self._client.another().stream("GET", path, values))
        fd = documents.fileno()
        self._streams[fd] = (key, documents)
        self._poll.register(fd, select.POLLIN | select.POLLHUP)

    def add(self, name: str) -> None:
        """Watch one more container; one that is gone already is no failure."""
        try:
            self.open(name, f"/containers/{segment(name)}/stats", {"stream": True})
        except ApiError:
            return
        self.rows.setdefault(name, {"asked": name})

    def wait(self, seconds: float) -> list[dict[str, Any]]:
        """Take in samples for so long; return the events among them."""
        events = []
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            for fd, _ in self._poll.poll(left * 1000):
                key, documents = self._streams[fd]
                found, open_still = documents.next()
                if not open_still:
                    self._poll.unregister(fd)
                    del self._streams[fd]
                    documents.close()
                if key:
                    for one in found:
                        self.rows[key] = {**one, "asked": key}
                else:
                    events += found
        return events

    def busy(self) -> bool:
        """Tell whether there is a container left to watch."""
        return any(key for key, _ in self._streams.values())


def run(
    context: Context,
    options: Options,
    names: list[str],
    display: Callable[[Context, Options, list[dict[str, Any]]], None],
) -> int:
    """Show samples until there is nothing to show, or somebody has had enough."""
    watch = _Watch(context)
    every = not names
    if every:
        words = ["type=container", *(f"event={word}" for word in sorted(COME | GONE))]
        watch.open("", "/events", {"filters": filters(words)})
        found = context.client.get("/containers/json", {"all": options.on("all")})
        names = [row["Id"] for row in found]
    else:
        for name in names:
            context.client.get(f"/containers/{segment(name)}/json")
    for name in names:
        watch.add(name)
    while every or watch.busy():
        for event in watch.wait(PAUSE):
            _follow(watch, event, everything=options.on("all"))
        if context.out.is_terminal():
            context.out.write(CLEAR)
        display(context, options, list(watch.rows.values()))
    return 0


def _follow(watch: _Watch, event: dict[str, Any], *, everything: bool) -> None:
    identity = event["Actor"]["ID"]
    if event["Action"] in COME:
        watch.add(identity)
    elif event["Action"] == "destroy" or not everything:
        watch.rows.pop(identity, None)
