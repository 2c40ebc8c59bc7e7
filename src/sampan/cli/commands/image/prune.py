"""sampan image prune: remove images without a name, or with -a all that no container uses."""

from __future__ import annotations

from sampan.cli.flags import BOOL, FILTER, Flag
from sampan.cli.pruning import deleted, image_lines, report
from sampan.client.url import filters

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sampan.cli.context import Context
    from sampan.cli.flags import Options

USAGE = "[OPTIONS]"
ARGUMENTS = (0, 0)
FLAGS = (
    Flag("all", "a", BOOL, "Remove all unused images, not just dangling ones"),
    Flag("filter", "", FILTER, 'Provide filter values (e.g. "until=<timestamp>")'),
    Flag("force", "f", BOOL, "Do not prompt for confirmation"),
)
WARNING = "WARNING! This will remove all dangling images."
WARNING_ALL = (
    "WARNING! This will remove all images without at least one container associated to them."
)
QUESTION = "\nAre you sure you want to continue? [y/N] "


def run(context: Context, options: Options, _arguments: list[str]) -> int:
    """Remove unused images and say what that freed."""
    everything = options.on("all")
    warning = WARNING_ALL if everything else WARNING
    if not options.on("force") and not context.confirm(warning + QUESTION):
        return 0
    words = [f"dangling={'false' if everything else 'true'}", *options.many("filter")]
    found = context.client.post("/images/prune", {"filters": filters(words)})
    text = deleted("Deleted Images:", image_lines(found.get("ImagesDeleted")))
    context.out.write(text + report(found))
    return 0
