"""sampan container pause: freeze all processes of containers."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sampan.cli.context import Context
    from sampan.cli.flags import Options

USAGE = "CONTAINER [CONTAINER...]"
ARGUMENTS = (1, None)
FLAGS = ()


def run(context: Context, _options: Options, arguments: list[str]) -> int:
    """Pause containers and print their names."""
    return context.for_all(arguments, "POST", "/containers/{}/pause")
