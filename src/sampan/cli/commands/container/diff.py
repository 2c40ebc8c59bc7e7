"""sampan container diff: what has changed since the image: A added, C changed, D deleted."""

from __future__ import annotations

from sampan.cli.errors import CommandError
from sampan.client.url import segment

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sampan.cli.context import Context
    from sampan.cli.flags import Options

USAGE = "CONTAINER"
ARGUMENTS = (1, 1)
FLAGS = ()
KINDS = "CAD"


def run(context: Context, _options: Options, arguments: list[str]) -> int:
    """List changed paths."""
    if not arguments[0]:
        raise CommandError("Container name cannot be empty")
    changes = context.client.get(f"/containers/{segment(arguments[0])}/changes") or ()
    lines = [f"{KINDS[change['Kind']]} {change['Path']}\n" for change in changes]
    context.out.write("".join(lines))
    return 0
