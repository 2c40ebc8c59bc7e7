"""sampan image rm, sampan rmi: take names from images; the last name takes the image."""

from __future__ import annotations

from sampan.cli.flags import BOOL, STRINGS, Flag
from sampan.client.errors import ApiError
from sampan.client.url import segment

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sampan.cli.context import Context
    from sampan.cli.flags import Options

USAGE = "[OPTIONS] IMAGE [IMAGE...]"
ARGUMENTS = (1, None)
FLAGS = (
    Flag("force", "f", BOOL, "Force removal of the image"),
    Flag("no-prune", "", BOOL, "Do not delete untagged parents"),
    Flag(
        "platform",
        "",
        STRINGS,
        'Remove only the given platform variant. Formatted as "os[/arch[/variant]]" '
        '(e.g., "linux/amd64")',
    ),
)


def run(context: Context, options: Options, arguments: list[str]) -> int:
    """Remove images and say what became of each."""
    values = {"force": options.on("force"), "noprune": options.on("no-prune")}
    code = 0
    for name in arguments:
        try:
            changes = context.client.delete(f"/images/{segment(name)}", values)
        except ApiError as error:
            context.err.line(str(error))
            if not (options.on("force") and error.status == 404):
                code = 1
            continue
        for change in changes or ():
            if change.get("Deleted"):
                context.out.line(f"Deleted: {change['Deleted']}")
            else:
                context.out.line(f"Untagged: {change['Untagged']}")
    return code
