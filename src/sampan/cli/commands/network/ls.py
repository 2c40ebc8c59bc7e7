"""sampan network ls: networks there are."""

from __future__ import annotations

from sampan.cli.flags import BOOL, FILTER, LIST_FORMAT, Flag
from sampan.cli.format.listing import lines, show
from sampan.cli.format.text import labels, short_id
from sampan.cli.format.times import local, nanoseconds
from sampan.client.url import filters

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from sampan.cli.context import Context
    from sampan.cli.flags import Options

USAGE = "[OPTIONS]"
ARGUMENTS = (0, 0)
FLAGS = (
    Flag("filter", "f", FILTER, 'Provide filter values (e.g. "driver=bridge")'),
    LIST_FORMAT,
    Flag("no-trunc", "", BOOL, "Do not truncate the output"),
    Flag("quiet", "q", BOOL, "Only display network IDs"),
)
DEFAULT = ("ID", "Name", "Driver", "Scope")


def run(context: Context, options: Options, _arguments: list[str]) -> int:
    """List networks by name."""
    rows = context.client.get("/networks", {"filters": filters(options.many("filter"))})
    rows.sort(key=lambda row: natural(row["Name"]))
    whole = options.on("no-trunc")
    format_ = options.text("format")
    if options.on("quiet") and not format_:
        lines(context.out, (row["Id"] if whole else short_id(row["Id"]) for row in rows))
        return 0
    show(context.out, rows, _columns(whole=whole), DEFAULT, format_)
    return 0


def natural(text: str) -> list[tuple[int, int, str]]:
    """Return a key that puts net2 before net10, as Docker sorts names. Pure."""
    words: list[str] = []
    for letter in text:
        if words and letter.isdecimal() == words[-1].isdecimal():
            words[-1] += letter
        else:
            words.append(letter)
    return [(0, int(word), word) if word.isdecimal() else (1, 0, word) for word in words]


def _columns(*, whole: bool) -> dict[str, tuple[Any, Any]]:
    return {
        "CreatedAt": ("CREATED AT", _created),
        "Driver": ("DRIVER", lambda row: row["Driver"]),
        "ID": ("NETWORK ID", lambda row: row["Id"] if whole else short_id(row["Id"])),
        "IPv4": ("IPV4", lambda row: _truth(row.get("EnableIPv4"))),
        "IPv6": ("IPV6", lambda row: _truth(row.get("EnableIPv6"))),
        "Internal": ("INTERNAL", lambda row: _truth(row.get("Internal"))),
        "Label": (lambda name: name, lambda row: (row.get("Labels") or {}).get),
        "Labels": ("LABELS", lambda row: labels(row.get("Labels"))),
        "Name": ("NAME", lambda row: row["Name"]),
        "Scope": ("SCOPE", lambda row: row["Scope"]),
    }


def _truth(value: object) -> str:
    return "true" if value else "false"


def _created(row: dict[str, Any]) -> str:
    nanos = nanoseconds(row["Created"])
    whole = local(nanos // 1_000_000_000)
    fraction = f"{nanos % 1_000_000_000:09d}".rstrip("0")
    return f"{whole[:19]}.{fraction}{whole[19:]}" if fraction else whole
