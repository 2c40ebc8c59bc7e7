"""sampan network disconnect: take a container off a network."""

from __future__ import annotations

from sampan.cli.flags import BOOL, Flag
from sampan.client.url import segment

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sampan.cli.context import Context
    from sampan.cli.flags import Options

USAGE = "[OPTIONS] NETWORK CONTAINER"
ARGUMENTS = (2, 2)
FLAGS = (Flag("force", "f", BOOL, "Force the container to disconnect from a network"),)


def run(context: Context, options: Options, arguments: list[str]) -> int:
    """Disconnect a container."""
    network, container = arguments
    wanted = {"Container": container, "Force": options.on("force")}
    context.client.post(f"/networks/{segment(network)}/disconnect", None, wanted)
    return 0
