"""sampan network inspect: all there is to know about networks."""

from __future__ import annotations

from sampan.cli.flags import BOOL, DOCUMENT_FORMAT, Flag
from sampan.cli.inspection import NETWORK, inspect

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sampan.cli.context import Context
    from sampan.cli.flags import Options

USAGE = "[OPTIONS] NETWORK [NETWORK...]"
ARGUMENTS = (1, None)
FLAGS = (DOCUMENT_FORMAT, Flag("verbose", "v", BOOL, "Verbose output for diagnostics"))


def run(context: Context, options: Options, arguments: list[str]) -> int:
    """Print networks as JSON, or by a template."""
    values: dict[str, object] = {"verbose": options.on("verbose")}
    return inspect(context, arguments, (NETWORK,), options.text("format"), values=values)
