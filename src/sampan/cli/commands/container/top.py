"""sampan container top: the processes of a container, by the host's ps."""

from __future__ import annotations

from sampan.cli.format.table import lay_out
from sampan.client.url import segment

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sampan.cli.context import Context
    from sampan.cli.flags import Options

USAGE = "CONTAINER [ps OPTIONS]"
ARGUMENTS = (1, None)
INTERSPERSED = False
FLAGS = ()
# Docker gives this one listing wider columns.
LEAST = 20


def run(context: Context, _options: Options, arguments: list[str]) -> int:
    """List a container's processes."""
    name, *words = arguments
    found = context.client.get(
        f"/containers/{segment(name)}/top", {"ps_args": " ".join(words) or None}
    )
    context.out.write(lay_out([found["Titles"], *(found["Processes"] or ())], LEAST))
    return 0
