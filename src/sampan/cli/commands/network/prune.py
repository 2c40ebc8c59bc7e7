"""sampan network prune: remove networks that no container is on."""

from __future__ import annotations

from sampan.cli.flags import BOOL, FILTER, Flag
from sampan.cli.pruning import deleted
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
WARNING = """WARNING! This will remove all custom networks not used by at least one container.
Are you sure you want to continue? [y/N] """


def run(context: Context, options: Options, _arguments: list[str]) -> int:
    """Remove unused networks and name them."""
    if not options.on("force") and not context.confirm(WARNING):
        return 0
    found = context.client.post("/networks/prune", {"filters": filters(options.many("filter"))})
    context.out.write(deleted("Deleted Networks:", found.get("NetworksDeleted")))
    return 0
