"""sampan volume ls: volumes there are."""

from __future__ import annotations

from sampan.cli.commands.network.ls import natural
from sampan.cli.flags import BOOL, FILTER, LIST_FORMAT, Flag
from sampan.cli.format.listing import lines, show
from sampan.cli.format.text import labels
from sampan.cli.format.units import size
from sampan.client.url import filters

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from sampan.cli.context import Context
    from sampan.cli.flags import Options

USAGE = "[OPTIONS]"
ARGUMENTS = (0, 0)
FLAGS = (
    Flag("filter", "f", FILTER, 'Provide filter values (e.g. "dangling=true")'),
    LIST_FORMAT,
    Flag("quiet", "q", BOOL, "Only display volume names"),
)
DEFAULT = ("Driver", "Name")


def run(context: Context, options: Options, _arguments: list[str]) -> int:
    """List volumes by name."""
    found = context.client.get("/volumes", {"filters": filters(options.many("filter"))})
    rows = sorted(found.get("Volumes") or (), key=lambda row: natural(row["Name"]))
    format_ = options.text("format")
    if options.on("quiet") and not format_:
        lines(context.out, (row["Name"] for row in rows))
        return 0
    show(context.out, rows, COLUMNS, DEFAULT, format_)
    return 0


def _usage(row: dict[str, Any], field: str) -> int:
    return int((row.get("UsageData") or {}).get(field, -1))


def _links(row: dict[str, Any]) -> str:
    return str(_usage(row, "RefCount")) if row.get("UsageData") else "N/A"


def _size(row: dict[str, Any]) -> str:
    return size(_usage(row, "Size")) if row.get("UsageData") else "N/A"


COLUMNS: dict[str, tuple[Any, Any]] = {
    "Availability": ("AVAILABILITY", lambda _: "N/A"),
    "Driver": ("DRIVER", lambda row: row["Driver"]),
    "Group": ("GROUP", lambda _: "N/A"),
    "Label": (lambda name: name, lambda row: (row.get("Labels") or {}).get),
    "Labels": ("LABELS", lambda row: labels(row.get("Labels"))),
    "Links": ("LINKS", _links),
    "Mountpoint": ("MOUNTPOINT", lambda row: row["Mountpoint"]),
    "Name": ("VOLUME NAME", lambda row: row["Name"]),
    "Scope": ("SCOPE", lambda row: row["Scope"]),
    "Size": ("SIZE", _size),
    "Status": ("STATUS", lambda _: "N/A"),
}
