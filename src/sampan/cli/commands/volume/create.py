"""sampan volume create: a named volume, or one with a made-up name."""

from __future__ import annotations

from sampan.cli.flags import STRING, Flag
from sampan.cli.options.keyvalue import mapping
from sampan.cli.options.kinds import LABEL, MAP

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sampan.cli.context import Context
    from sampan.cli.flags import Options

USAGE = "[OPTIONS] [VOLUME]"
ARGUMENTS = (0, 1)
FLAGS = (
    Flag("driver", "d", STRING, "Specify volume driver name", default="local"),
    Flag("label", "", LABEL, "Set metadata for a volume"),
    Flag("name", "", STRING, "Specify volume name", hidden=True),
    Flag("opt", "o", MAP, "Set driver specific options"),
)


def run(context: Context, options: Options, arguments: list[str]) -> int:
    """Create a volume and print its name."""
    wanted = {
        "Name": arguments[0] if arguments else options.text("name"),
        "Driver": options.text("driver"),
        "DriverOpts": mapping(options.many("opt")),
        "Labels": mapping(options.many("label")),
    }
    context.out.line(context.client.post("/volumes/create", None, wanted)["Name"])
    return 0
