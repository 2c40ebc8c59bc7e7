"""sampan network rm: remove networks that no container is on."""

from __future__ import annotations

from sampan.cli.flags import BOOL, Flag
from sampan.client.errors import ApiError
from sampan.client.url import segment

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sampan.cli.context import Context
    from sampan.cli.flags import Options

USAGE = "NETWORK [NETWORK...]"
ARGUMENTS = (1, None)
FLAGS = (Flag("force", "f", BOOL, "Do not error if the network does not exist"),)


def run(context: Context, options: Options, arguments: list[str]) -> int:
    """Remove networks and print their names."""
    code = 0
    for name in arguments:
        try:
            context.client.delete(f"/networks/{segment(name)}")
        except ApiError as error:
            if options.on("force") and error.status == 404:
                continue
            context.err.line(str(error))
            code = 1
        else:
            context.out.line(name)
    if code:
        context.err.line("exit status 1")
    return code
