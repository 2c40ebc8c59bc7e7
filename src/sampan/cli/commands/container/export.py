"""sampan container export: a container's whole file system as a tar archive."""

from __future__ import annotations

from sampan.cli.archive import save
from sampan.cli.flags import STRING, Flag
from sampan.client.url import segment

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sampan.cli.context import Context
    from sampan.cli.flags import Options

USAGE = "[OPTIONS] CONTAINER"
ARGUMENTS = (1, 1)
FLAGS = (Flag("output", "o", STRING, "Write to a file, instead of STDOUT"),)


def run(context: Context, options: Options, arguments: list[str]) -> int:
    """Export a container."""
    path = f"/containers/{segment(arguments[0])}/export"
    save(context, options.text("output"), path, {}, verb="export")
    return 0
