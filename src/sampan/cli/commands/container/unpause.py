"""sampan container unpause: let paused containers go on."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sampan.cli.context import Context
    from sampan.cli.flags import Options

USAGE = "CONTAINER [CONTAINER...]"
ARGUMENTS = (1, None)
FLAGS = ()


def run(context: Context, _options: Options, arguments: list[str]) -> int:
    """Unpause containers and print their names."""
    return context.for_all(arguments, "POST", "/containers/{}/unpause")
