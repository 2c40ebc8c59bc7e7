"""sampan container commit: an image of what a container has become."""

from __future__ import annotations

from sampan.cli.flags import BOOL, LIST, STRING, Flag
from sampan.cli.options.references import check, split

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sampan.cli.context import Context
    from sampan.cli.flags import Options

USAGE = "[OPTIONS] CONTAINER [REPOSITORY[:TAG]]"
ARGUMENTS = (1, 2)
FLAGS = (
    Flag("author", "a", STRING, 'Author (e.g., "John Hannibal Smith <hannibal@a-team.com>")'),
    Flag("change", "c", LIST, "Apply Dockerfile instruction to the created image"),
    Flag("message", "m", STRING, "Commit message"),
    Flag("pause", "p", BOOL, "Pause container during commit", default=True),
)


def run(context: Context, options: Options, arguments: list[str]) -> int:
    """Commit a container and print the image's id."""
    name, tag = split(check(arguments[1])) if len(arguments) == 2 else ("", "")
    made = context.client.post(
        "/commit",
        {
            "container": arguments[0],
            "repo": name or None,
            "tag": (tag or "latest") if name else None,
            "comment": options.text("message") or None,
            "author": options.text("author") or None,
            "changes": options.many("change"),
            "pause": None if options.on("pause") else "0",
        },
        {},
    )
    context.out.line(made["Id"])
    return 0
