"""sampan container create: make a container, without starting it."""

from __future__ import annotations

from sampan.cli.creation import create, document
from sampan.cli.errors import FAILED, CommandError
from sampan.cli.flags import STRING, Flag
from sampan.cli.options.table import FLAGS as COMMON
from sampan.client.errors import ApiError
from sampan.errors import InvalidRequest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sampan.cli.context import Context
    from sampan.cli.flags import Options

USAGE = "[OPTIONS] IMAGE [COMMAND] [ARG...]"
ARGUMENTS = (1, None)
INTERSPERSED = False
FLAGS = (
    *COMMON,
    Flag(
        "pull",
        "",
        STRING,
        'Pull image before creating ("always", "missing", "never")',
        default="missing",
    ),
)


def run(context: Context, options: Options, arguments: list[str]) -> int:
    """Create a container and print its id."""
    try:
        wanted = document(options, arguments)
    except CommandError as error:
        hint = f"Run 'sampan {context.command.path} --help' for more information"
        raise CommandError(f"sampan: {error}\n\n{hint}", FAILED) from error
    try:
        context.out.line(create(context, options, wanted))
    except (ApiError, InvalidRequest) as error:
        raise CommandError(str(error)) from error
    return 0
