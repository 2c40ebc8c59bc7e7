"""sampan image history: how an image came to be, the newest step first."""

from __future__ import annotations

from sampan.cli.commands.image.ls import since
from sampan.cli.flags import BOOL, LIST_FORMAT, STRING, Flag
from sampan.cli.format.listing import lines, show
from sampan.cli.format.text import ellipsis, short_id
from sampan.cli.format.times import rfc3339
from sampan.cli.format.units import size
from sampan.client.url import segment

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from sampan.cli.context import Context
    from sampan.cli.flags import Options

USAGE = "[OPTIONS] IMAGE"
ARGUMENTS = (1, 1)
FLAGS = (
    LIST_FORMAT,
    Flag("human", "H", BOOL, "Print sizes and dates in human readable format", default=True),
    Flag("no-trunc", "", BOOL, "Don't truncate output"),
    Flag(
        "platform",
        "",
        STRING,
        'Show history for the given platform. Formatted as "os[/arch[/variant]]" '
        '(e.g., "linux/amd64")',
    ),
    Flag("quiet", "q", BOOL, "Only show image IDs"),
)
DEFAULT = ("ID", "CreatedSince", "CreatedBy", "Size", "Comment")


def run(context: Context, options: Options, arguments: list[str]) -> int:
    """List the steps of an image."""
    rows = context.client.get(f"/images/{segment(arguments[0])}/history")
    whole = options.on("no-trunc")
    format_ = options.text("format")
    if options.on("quiet") and not format_:
        lines(context.out, (row["Id"] if whole else short_id(row["Id"]) for row in rows))
        return 0
    show(context.out, rows, _columns(whole=whole, human=options.on("human")), DEFAULT, format_)
    return 0


def _columns(*, whole: bool, human: bool) -> dict[str, tuple[str, Any]]:
    return {
        "Comment": ("COMMENT", lambda row: row.get("Comment") or ""),
        "CreatedAt": ("CREATED AT", lambda row: rfc3339(row["Created"])),
        "CreatedBy": ("CREATED BY", lambda row: _step(row.get("CreatedBy") or "", whole=whole)),
        "CreatedSince": (
            "CREATED" if human else "CREATED AT",
            lambda row: since(row["Created"]) if human else rfc3339(row["Created"]),
        ),
        "ID": ("IMAGE", lambda row: row["Id"] if whole else short_id(row["Id"])),
        "Size": ("SIZE", lambda row: size(row["Size"], 3) if human else str(row["Size"])),
    }


def _step(text: str, *, whole: bool) -> str:
    text = text.replace("\t", " ").strip()
    return text if whole else ellipsis(text, 45)
