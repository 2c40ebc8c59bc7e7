"""sampan container prune: remove all stopped containers."""

from __future__ import annotations

from sampan.cli.flags import BOOL, FILTER, Flag
from sampan.cli.pruning import deleted, report
from sampan.client.url import filters

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sampan.cli.context import Context
    from sampan.cli.flags import Options

USAGE = "[OPTIONS]"
ARGUMENTS = (0, 0)
FLAGS = (
    Flag("filter", "", FILTER, 'Provide filter values (e.g. "until=<timestamp>")'),
    Flag("force", "f", BOOL, "Do not prompt for confirmation"),
)
WARNING = """WARNING! This will remove all stopped containers.
Are you sure you want to continue? [y/N] """


def run(context: Context, options: Options, _arguments: list[str]) -> int:
    """Remove stopped containers and say what that freed."""
    if not options.on("force") and not context.confirm(WARNING):
        return 0
    found = context.client.post("/containers/prune", {"filters": filters(options.many("filter"))})
    text = deleted("Deleted Containers:", found.get("ContainersDeleted"))
    context.out.write(text + report(found))
    return 0
