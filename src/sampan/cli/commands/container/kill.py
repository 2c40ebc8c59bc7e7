"""sampan container kill: send a signal, SIGKILL unless told otherwise."""

from __future__ import annotations

from sampan.cli.flags import STRING, Flag

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sampan.cli.context import Context
    from sampan.cli.flags import Options

USAGE = "[OPTIONS] CONTAINER [CONTAINER...]"
ARGUMENTS = (1, None)
FLAGS = (Flag("signal", "s", STRING, "Signal to send to the container"),)


def run(context: Context, options: Options, arguments: list[str]) -> int:
    """Kill containers and print their names."""
    values = {"signal": options.text("signal") or None}
    return context.for_all(arguments, "POST", "/containers/{}/kill", values)
