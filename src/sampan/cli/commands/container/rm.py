"""sampan container rm: remove containers, running ones only by force."""

from __future__ import annotations

from sampan.cli.errors import CommandError
from sampan.cli.flags import BOOL, Flag
from sampan.client.errors import ApiError
from sampan.client.url import segment

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sampan.cli.context import Context
    from sampan.cli.flags import Options

USAGE = "[OPTIONS] CONTAINER [CONTAINER...]"
ARGUMENTS = (1, None)
FLAGS = (
    Flag("force", "f", BOOL, "Force the removal of a running container (uses SIGKILL)"),
    Flag("link", "l", BOOL, "Remove the specified link"),
    Flag("volumes", "v", BOOL, "Remove anonymous volumes associated with the container"),
)


def run(context: Context, options: Options, arguments: list[str]) -> int:
    """Remove containers and print their names."""
    names = [name.strip("/") for name in arguments]
    if not all(names):
        raise CommandError("Container name cannot be empty")
    values = {
        "force": options.on("force"),
        "link": options.on("link"),
        "v": options.on("volumes"),
    }
    paths = [f"/containers/{segment(name)}" for name in names]
    code = 0
    answers = context.client.side_by_side("DELETE", paths, values)
    for name, answer in zip(names, answers, strict=True):
        if not isinstance(answer, ApiError):
            context.out.line(name)
            continue
        context.err.line(str(answer))
        # With --force, one that is gone already is as good as removed.
        if not (options.on("force") and answer.status == 404):
            code = 1
    return code
