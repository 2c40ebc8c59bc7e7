"""sampan image import: an image from a tar archive of a root file system."""

from __future__ import annotations

import os

from sampan.cli.archive import open_input, pieces
from sampan.cli.flags import LIST, STRING, Flag
from sampan.cli.options.references import check, split
from sampan.cli.progress import Meter, show

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from sampan.cli.context import Context
    from sampan.cli.flags import Options

USAGE = "[OPTIONS] file|URL|- [REPOSITORY[:TAG]]"
ARGUMENTS = (1, None)
FLAGS = (
    Flag("change", "c", LIST, "Apply Dockerfile instruction to the created image"),
    Flag("message", "m", STRING, "Set commit message for imported image"),
    Flag("platform", "", STRING, "Set platform if server is multi-platform capable"),
)
REMOTE = ("http://", "https://", "git://", "github.com/", "git@")


def run(context: Context, options: Options, arguments: list[str]) -> int:
    """Import an image and print its id."""
    source = arguments[0]
    name, tag = split(check(arguments[1])) if len(arguments) > 1 else ("", "")
    remote = source.startswith(REMOTE)
    values = {
        "fromSrc": source if remote else "-",
        "repo": name or None,
        "tag": (tag or "latest") if name else None,
        "message": options.text("message") or None,
        "changes": options.many("change"),
        "platform": options.text("platform") or None,
    }
    body = None if remote else _body(context, source)
    headers = {} if remote else {"Content-Type": "application/x-tar"}
    show(context.out, context.client.documents("POST", "/images/create", values, body, headers))
    return 0


def _body(context: Context, source: str) -> Iterator[bytes]:
    fd = 0 if source == "-" else open_input(source)
    meter = Meter(context.err, "Sending archive", os.fstat(fd).st_size)
    yield from pieces(fd, meter.add)
    meter.end()
