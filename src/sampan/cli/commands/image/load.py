"""sampan image load: images from an archive that save wrote, ours or Docker's or OCI's."""

from __future__ import annotations

import os

from sampan.cli.archive import open_input, pieces
from sampan.cli.errors import CommandError
from sampan.cli.flags import BOOL, STRING, Flag
from sampan.cli.progress import Meter, show

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sampan.cli.context import Context
    from sampan.cli.flags import Options

USAGE = "[OPTIONS]"
ARGUMENTS = (0, 0)
FLAGS = (
    Flag("input", "i", STRING, "Read from tar archive file, instead of STDIN"),
    Flag(
        "platform",
        "",
        STRING,
        'Load only the given platform variant. Formatted as "os[/arch[/variant]]" '
        '(e.g., "linux/amd64")',
    ),
    Flag("quiet", "q", BOOL, "Suppress the load output"),
)
STDIN = 0


def run(context: Context, options: Options, _arguments: list[str]) -> int:
    """Load images and name them."""
    path = options.text("input")
    source = open_input(path) if path else STDIN
    if not path and os.isatty(STDIN):
        raise CommandError("requested load from stdin, but stdin is empty")
    meter = Meter(context.err, "Sending archive", _length(source))
    answer = context.client.stream(
        "POST",
        "/images/load",
        {"quiet": options.on("quiet") or not context.out.is_terminal()},
        pieces(source, None if options.on("quiet") else meter.add),
        {"Content-Type": "application/x-tar"},
    )
    meter.end()
    if answer.headers.get("content-type", "").startswith("application/json"):
        show(context.out, context.client.each(answer))
        return 0
    for piece in answer:
        context.out.write(piece)
    return 0


def _length(source: int) -> int:
    return os.fstat(source).st_size
