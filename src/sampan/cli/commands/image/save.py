"""sampan image save: images as one archive that load reads again."""

from __future__ import annotations

from sampan.cli.archive import save
from sampan.cli.flags import STRING, Flag

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sampan.cli.context import Context
    from sampan.cli.flags import Options

USAGE = "[OPTIONS] IMAGE [IMAGE...]"
ARGUMENTS = (1, None)
FLAGS = (
    Flag("output", "o", STRING, "Write to a file, instead of STDOUT"),
    Flag(
        "platform",
        "",
        STRING,
        'Save only the given platform variant. Formatted as "os[/arch[/variant]]" '
        '(e.g., "linux/amd64")',
    ),
)


def run(context: Context, options: Options, arguments: list[str]) -> int:
    """Save images."""
    save(context, options.text("output"), "/images/get", {"names": arguments}, verb="save image")
    return 0
