"""sampan volume inspect: all there is to know about volumes."""

from __future__ import annotations

from sampan.cli.flags import DOCUMENT_FORMAT
from sampan.cli.inspection import VOLUME, inspect

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sampan.cli.context import Context
    from sampan.cli.flags import Options

USAGE = "[OPTIONS] VOLUME [VOLUME...]"
ARGUMENTS = (1, None)
FLAGS = (DOCUMENT_FORMAT,)


def run(context: Context, options: Options, arguments: list[str]) -> int:
    """Print volumes as JSON, or by a template."""
    return inspect(context, arguments, (VOLUME,), options.text("format"))
