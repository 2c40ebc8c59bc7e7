"""sampan container inspect: all there is to know about containers."""

from __future__ import annotations

from sampan.cli.flags import BOOL, DOCUMENT_FORMAT, Flag
from sampan.cli.inspection import CONTAINER, inspect

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sampan.cli.context import Context
    from sampan.cli.flags import Options

USAGE = "[OPTIONS] CONTAINER [CONTAINER...]"
ARGUMENTS = (1, None)
FLAGS = (DOCUMENT_FORMAT, Flag("size", "s", BOOL, "Display total file sizes"))


def run(context: Context, options: Options, arguments: list[str]) -> int:
    """Print containers as JSON, or by a template."""
    return inspect(
        context, arguments, (CONTAINER,), options.text("format"), size=options.on("size")
    )
