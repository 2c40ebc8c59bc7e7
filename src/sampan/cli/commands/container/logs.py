"""sampan container logs: what a container has said, and with -f what it is saying."""

from __future__ import annotations

import time

from sampan.cli.errors import CommandError
from sampan.cli.flags import BOOL, STRING, Flag
from sampan.cli.options.moments import parse
from sampan.client.frames import STDERR, Frames
from sampan.client.url import segment

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sampan.cli.context import Context
    from sampan.cli.flags import Options

USAGE = "[OPTIONS] CONTAINER"
ARGUMENTS = (1, 1)
FLAGS = (
    Flag("details", "", BOOL, "Show extra details provided to logs"),
    Flag("follow", "f", BOOL, "Follow log output"),
    Flag(
        "since",
        "",
        STRING,
        'Show logs since timestamp (e.g. "2013-01-02T13:23:37Z") '
        'or relative (e.g. "42m" for 42 minutes)',
    ),
    Flag(
        "tail",
        "n",
        STRING,
        "Number of lines to show from the end of the logs",
        default="all",
    ),
    Flag("timestamps", "t", BOOL, "Show timestamps"),
    Flag(
        "until",
        "",
        STRING,
        'Show logs before a timestamp (e.g. "2013-01-02T13:23:37Z") '
        'or relative (e.g. "42m" for 42 minutes)',
    ),
)


def run(context: Context, options: Options, arguments: list[str]) -> int:
    """Print a container's log, its two streams to ours."""
    path = f"/containers/{segment(arguments[0])}"
    values = {
        "stdout": True,
        "stderr": True,
        "follow": options.on("follow"),
        "timestamps": options.on("timestamps"),
        "details": options.on("details"),
        "tail": options.text("tail"),
        "since": _moment(options, "since"),
        "until": _moment(options, "until"),
    }
    tty = context.client.get(f"{path}/json")["Config"]["Tty"]
    answer = context.client.stream("GET", f"{path}/logs", values)
    if tty:
        for piece in answer:
            context.out.write(piece)
        return 0
    frames = Frames(
        lambda stream, data: (context.err if stream == STDERR else context.out).write(data)
    )
    for piece in answer:
        frames.feed(piece)
    return 0


def _moment(options: Options, flag: str) -> str | None:
    try:
        return parse(options.text(flag), time.time()) or None
    except ValueError as error:
        raise CommandError(f'invalid value for "{flag}": {error}') from None
