"""sampan inspect: containers, images, networks and volumes, whatever the name belongs to."""

from __future__ import annotations

from sampan.cli.errors import CommandError
from sampan.cli.flags import BOOL, DOCUMENT_FORMAT, STRING, Flag
from sampan.cli.inspection import KINDS, inspect

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sampan.cli.context import Context
    from sampan.cli.flags import Options

USAGE = "[OPTIONS] NAME|ID [NAME|ID...]"
ARGUMENTS = (1, None)
FLAGS = (
    DOCUMENT_FORMAT,
    Flag("size", "s", BOOL, "Display total file sizes if the type is container"),
    Flag("type", "", STRING, "Only inspect objects of the given type"),
)


def run(context: Context, options: Options, arguments: list[str]) -> int:
    """Print objects as JSON, or by a template."""
    wanted = options.text("type")
    kinds = [kind for kind in KINDS if wanted in {"", kind[0]}]
    if not kinds or ("type" in options.changed and not wanted):
        names = ", ".join(f'"{kind}"' for kind, _ in KINDS)
        raise CommandError(f'unknown type: "{wanted}": must be one of {names}')
    return inspect(context, arguments, kinds, options.text("format"), size=options.on("size"))
