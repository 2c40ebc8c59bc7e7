"""sampan container rename: give a container another name."""

from __future__ import annotations

from sampan.cli.errors import CommandError
from sampan.client.errors import ApiError
from sampan.client.url import segment

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sampan.cli.context import Context
    from sampan.cli.flags import Options

USAGE = "CONTAINER NEW_NAME"
ARGUMENTS = (2, 2)
FLAGS = ()


def run(context: Context, _options: Options, arguments: list[str]) -> int:
    """Rename a container."""
    old, new = (name.strip() for name in arguments)
    if not old or not new:
        raise CommandError("Error: Neither old nor new names may be empty")
    try:
        context.client.post(f"/containers/{segment(old)}/rename", {"name": new})
    except ApiError as error:
        context.err.line(str(error))
        raise CommandError(f"Error: failed to rename container named {old}") from error
    return 0
