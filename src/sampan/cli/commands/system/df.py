"""sampan system df: how much space images, containers and volumes take."""

from __future__ import annotations

from sampan.cli.commands.container.ls import columns as container_columns
from sampan.cli.commands.image.ls import columns as image_columns
from sampan.cli.commands.image.ls import named
from sampan.cli.commands.volume.ls import COLUMNS as VOLUME_COLUMNS
from sampan.cli.flags import BOOL, LIST_FORMAT, Flag
from sampan.cli.format.listing import show, table
from sampan.cli.format.table import lay_out
from sampan.cli.format.units import size
from sampan.cli.load import load

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from sampan.cli.context import Context
    from sampan.cli.flags import Options

USAGE = "[OPTIONS]"
ARGUMENTS = (0, 0)
FLAGS = (LIST_FORMAT, Flag("verbose", "v", BOOL, "Show detailed information on space usage"))
COLUMNS: dict[str, tuple[Any, Any]] = {
    "Active": ("ACTIVE", lambda row: str(row.active)),
    "Reclaimable": ("RECLAIMABLE", lambda row: row.reclaimable),
    "Size": ("SIZE", lambda row: size(row.size)),
    "TotalCount": ("TOTAL", lambda row: str(row.total)),
    "Type": ("TYPE", lambda row: row.kind),
}
IMAGES = (
    "Repository",
    "Tag",
    "ID",
    "CreatedSince",
    "Size",
    "SharedSize",
    "UniqueSize",
    "Containers",
)
CONTAINERS = (
    "ID",
    "Image",
    "Command",
    "LocalVolumes",
    "Size",
    "RunningFor",
    "Status",
    "Names",
)
VOLUMES = ("Name", "Links", "Size")
CACHE = ("CACHE ID", "CACHE TYPE", "SIZE", "CREATED", "LAST USED", "USAGE", "SHARED")
BUSY = ("running", "paused", "restarting")


class Sum:
    """One line of the summary."""

    __slots__ = ("active", "kind", "reclaimable", "size", "total")

    def __init__(self, kind: str, total: int, active: int, used: int, free: int) -> None:
        self.kind = kind
        self.total = total
        self.active = active
        self.size = used
        share = f" ({free * 100 // used}%)" if used else ""
        self.reclaimable = f"{size(free)}{share if kind != CACHE_KIND else ''}"


CACHE_KIND = "Build Cache"


def run(context: Context, options: Options, _arguments: list[str]) -> int:
    """Print the sums, or with -v each thing."""
    found = context.client.get("/system/df")
    format_ = options.text("format")
    if not options.on("verbose"):
        show(
            context.out,
            sums(found),
            COLUMNS,
            ("Type", "TotalCount", "Active", "Size", "Reclaimable"),
            format_,
        )
    elif format_:
        context.out.write(load("sampan.cli.format.single").render(_documents(found), format_))
    else:
        context.out.write(_details(found))
    return 0


def sums(found: dict[str, Any]) -> list[Sum]:
    """Add up. Pure."""
    images = found.get("Images") or ()
    containers = found.get("Containers") or ()
    volumes = [volume.get("UsageData") or {} for volume in found.get("Volumes") or ()]
    cache = found.get("BuildCache") or ()
    layers = found.get("LayersSize") or 0
    in_use = sum(
        image["Size"] - max(image.get("SharedSize", 0), 0)
        for image in images
        if image.get("Containers", 0) > 0
    )
    stopped = [one for one in containers if one.get("State") not in BUSY]
    used_volumes = sum(max(usage.get("Size", 0), 0) for usage in volumes)
    free_volumes = sum(
        max(usage.get("Size", 0), 0) for usage in volumes if not usage.get("RefCount")
    )
    return [
        Sum(
            "Images",
            len(images),
            sum(image.get("Containers", 0) > 0 for image in images),
            layers,
            layers - in_use,
        ),
        Sum(
            "Containers",
            len(containers),
            len(containers) - len(stopped),
            sum(one.get("SizeRw") or 0 for one in containers),
            sum(one.get("SizeRw") or 0 for one in stopped),
        ),
        Sum(
            "Local Volumes",
            len(volumes),
            sum(usage.get("RefCount", 0) > 0 for usage in volumes),
            used_volumes,
            free_volumes,
        ),
        Sum(
            CACHE_KIND,
            len(cache),
            sum(bool(one.get("InUse")) for one in cache),
            sum(one.get("Size", 0) for one in cache if not one.get("Shared")),
            sum(one.get("Size", 0) for one in cache if not (one.get("InUse") or one.get("Shared"))),
        ),
    ]


def _details(found: dict[str, Any]) -> str:
    images = [row for image in found.get("Images") or () for row in named(image, digests=False)]
    used = sum(one.get("Size", 0) for one in found.get("BuildCache") or ())
    cache = [(_cache_row(one)) for one in found.get("BuildCache") or ()]
    return (
        "Images space usage:\n\n"
        + table(images, image_columns(whole=False), IMAGES)
        + "\nContainers space usage:\n\n"
        + table(found.get("Containers") or (), container_columns(whole=False), CONTAINERS)
        + "\nLocal Volumes space usage:\n\n"
        + table(found.get("Volumes") or (), VOLUME_COLUMNS, VOLUMES)
        + f"\nBuild cache usage: {size(used)}\n\n"
        + lay_out([CACHE, *cache])
        + "\n"
    )


def _cache_row(entry: dict[str, Any]) -> list[str]:
    return [
        entry["ID"][:12],
        entry.get("Type", ""),
        size(entry.get("Size", 0)),
        entry.get("CreatedAt", ""),
        entry.get("LastUsedAt") or "",
        str(entry.get("UsageCount", 0)),
        "true" if entry.get("Shared") else "false",
    ]


def _documents(found: dict[str, Any]) -> dict[str, Any]:
    return {
        "Images": found.get("Images") or [],
        "Containers": found.get("Containers") or [],
        "Volumes": found.get("Volumes") or [],
        "BuildCache": found.get("BuildCache") or [],
    }
