"""sampan volume rm: remove volumes that no container uses, with all that is in them."""

from __future__ import annotations

from sampan.cli.flags import BOOL, Flag
from sampan.client.url import segment

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sampan.cli.context import Context
    from sampan.cli.flags import Options

USAGE = "[OPTIONS] VOLUME [VOLUME...]"
ARGUMENTS = (1, None)
FLAGS = (Flag("force", "f", BOOL, "Force the removal of one or more volumes"),)


def run(context: Context, options: Options, arguments: list[str]) -> int:
    """Remove volumes and print their names."""
    values = {"force": options.on("force")}
    return context.for_each(
        arguments, lambda name: context.client.delete(f"/volumes/{segment(name)}", values)
    )
