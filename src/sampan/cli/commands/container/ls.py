"""sampan container ls, sampan ps: what runs, or with -a what there is."""

from __future__ import annotations

import time

from sampan.cli.flags import BOOL, FILTER, INT, LIST_FORMAT, Flag
from sampan.cli.format.listing import lines, show
from sampan.cli.format.ports import ports
from sampan.cli.format.text import ellipsis, labels, quoted, short_id
from sampan.cli.format.times import local
from sampan.cli.format.units import age, size
from sampan.client.url import filters

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from sampan.cli.context import Context
    from sampan.cli.flags import Options

USAGE = "[OPTIONS]"
ARGUMENTS = (0, 0)
FLAGS = (
    Flag("all", "a", BOOL, "Show all containers (default shows just running)"),
    Flag("filter", "f", FILTER, "Filter output based on conditions provided"),
    LIST_FORMAT,
    Flag("last", "n", INT, "Show n last created containers (includes all states)", default=-1),
    Flag("latest", "l", BOOL, "Show the latest created container (includes all states)"),
    Flag("no-trunc", "", BOOL, "Don't truncate output"),
    Flag("quiet", "q", BOOL, "Only display container IDs"),
    Flag("size", "s", BOOL, "Display total file sizes"),
)
DEFAULT = ("ID", "Image", "Command", "RunningFor", "Status", "Ports", "Names")


def run(context: Context, options: Options, _arguments: list[str]) -> int:
    """List containers."""
    last = options.number("last")
    if options.on("latest") and last == -1:
        last = 1
    format_ = options.text("format")
    # A template that shows sizes, or everything, makes the daemon add them up.
    sizes = options.on("size") or ".Size" in format_ or "json ." in format_
    rows = context.client.get(
        "/containers/json",
        {
            "all": options.on("all"),
            "limit": last if last > 0 else None,
            "size": sizes,
            "filters": filters(options.many("filter")),
        },
    )
    whole = options.on("no-trunc")
    if options.on("quiet") and not format_:
        lines(context.out, (row["Id"] if whole else short_id(row["Id"]) for row in rows))
        return 0
    names = DEFAULT + ("Size",) if options.on("size") else DEFAULT
    show(context.out, rows, columns(whole=whole), names, format_)
    return 0


def columns(*, whole: bool) -> dict[str, tuple[Any, Any]]:
    """Every field of a container that a list can show; `whole` leaves nothing cut."""
    return {
        "Command": ("COMMAND", lambda row: quoted(_cut(row["Command"], 20, whole=whole))),
        "CreatedAt": ("CREATED AT", lambda row: local(row["Created"])),
        "ID": ("CONTAINER ID", lambda row: row["Id"] if whole else short_id(row["Id"])),
        "Image": ("IMAGE", lambda row: _image(row, whole=whole)),
        "Label": (_label_header, lambda row: (row.get("Labels") or {}).get),
        "Labels": ("LABELS", lambda row: labels(row.get("Labels"))),
        "LocalVolumes": ("LOCAL VOLUMES", _local_volumes),
        "Mounts": ("MOUNTS", lambda row: _mounts(row, whole=whole)),
        "Names": ("NAMES", lambda row: _names(row, whole=whole)),
        "Networks": ("NETWORKS", _networks),
        "Platform": ("PLATFORM", lambda _: None),
        "Ports": ("PORTS", lambda row: ports(row.get("Ports") or ())),
        "RunningFor": ("CREATED", lambda row: f"{age(time.time() - row['Created'])} ago"),
        "Size": ("SIZE", _size),
        "State": ("STATE", lambda row: row.get("State", "")),
        "Status": ("STATUS", lambda row: row["Status"]),
    }


def _cut(text: str, width: int, *, whole: bool) -> str:
    return text if whole else ellipsis(text, width)


def _image(row: dict[str, Any], *, whole: bool) -> str:
    image = str(row.get("Image") or "")
    if not image:
        return "<no image>"
    if not whole and row.get("ImageID") == image:
        return short_id(image)
    # A name with a digest shows without it, unless --no-trunc.
    return image if whole else image.partition("@")[0]


def _names(row: dict[str, Any], *, whole: bool) -> str:
    names = [name.removeprefix("/") for name in row.get("Names") or ()]
    if not whole:
        # Names with a slash are those that links give.
        names = [name for name in names if "/" not in name]
    return ",".join(names)


def _size(row: dict[str, Any]) -> str:
    own = size(row.get("SizeRw") or 0, 3)
    total = row.get("SizeRootFs") or 0
    return f"{own} (virtual {size(total, 3)})" if total > 0 else own


def _mounts(row: dict[str, Any], *, whole: bool) -> str:
    names = [mount.get("Name") or mount.get("Source", "") for mount in row.get("Mounts") or ()]
    return ",".join(_cut(name, 15, whole=whole) for name in names)


def _local_volumes(row: dict[str, Any]) -> str:
    return str(sum(mount.get("Driver") == "local" for mount in row.get("Mounts") or ()))


def _networks(row: dict[str, Any]) -> str:
    return ",".join((row.get("NetworkSettings") or {}).get("Networks") or {})


def _label_header(name: str) -> str:
    return name.rpartition(".")[2].replace("-", " ").replace("_", " ")
