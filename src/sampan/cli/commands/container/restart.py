"""sampan container restart: stop containers and start them again."""

from __future__ import annotations

from sampan.cli.flags import INT, STRING, Flag

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sampan.cli.context import Context
    from sampan.cli.flags import Options

USAGE = "[OPTIONS] CONTAINER [CONTAINER...]"
ARGUMENTS = (1, None)
FLAGS = (
    Flag("signal", "s", STRING, "Signal to send to the container"),
    Flag("timeout", "t", INT, "Seconds to wait before killing the container"),
    Flag("time", "", INT, "Seconds to wait", hidden=True, same="timeout"),
)


def run(context: Context, options: Options, arguments: list[str]) -> int:
    """Restart containers and print their names."""
    values = {
        "signal": options.text("signal") or None,
        "t": options.number("timeout") if "timeout" in options.changed else None,
    }
    return context.for_all(arguments, "POST", "/containers/{}/restart", values)
