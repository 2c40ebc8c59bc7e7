"""sampan system prune: remove all that nothing uses."""

from __future__ import annotations

from sampan.cli.errors import CommandError
from sampan.cli.flags import BOOL, FILTER, Flag
from sampan.cli.format.units import size
from sampan.cli.pruning import deleted, image_lines
from sampan.client.api import as_numbers
from sampan.client.errors import ApiError
from sampan.client.url import filters

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sampan.cli.context import Context
    from sampan.cli.flags import Options

USAGE = "[OPTIONS]"
ARGUMENTS = (0, 0)
FLAGS = (
    Flag("all", "a", BOOL, "Remove all unused images not just dangling ones"),
    Flag("filter", "", FILTER, 'Provide filter values (e.g. "label=<key>=<value>")'),
    Flag("force", "f", BOOL, "Do not prompt for confirmation"),
    Flag("volumes", "", BOOL, "Prune anonymous volumes"),
)
# What a daemon answers that has no builder, or none yet.
NO_BUILDER = (404, 405, 501)
CACHE_SINCE = (1, 31)


def run(context: Context, options: Options, _arguments: list[str]) -> int:
    """Remove unused containers, networks, images, and volumes if told so."""
    words = options.many("filter")
    if options.on("volumes") and any(word.startswith("until=") for word in words):
        raise CommandError('ERROR: The "until" filter is not supported with "--volumes"')
    if not options.on("force") and not context.confirm(_warning(options, words)):
        return 0
    freed = 0
    for route, title, field, own in _steps(context, options):
        try:
            found = context.client.post(route, {"filters": filters([*own, *words])}) or {}
        except ApiError as error:
            if route.startswith("/build/") and error.status in NO_BUILDER:
                continue
            raise
        names = found.get(field)
        context.out.write(deleted(title, image_lines(names) if "Images" in title else names))
        freed += found.get("SpaceReclaimed") or 0
    context.out.line(f"Total reclaimed space: {size(freed)}")
    return 0


def _steps(context: Context, options: Options) -> list[tuple[str, str, str, list[str]]]:
    """Return what to ask for, in this order, with filters of its own."""
    dangling = "false" if options.on("all") else "true"
    steps: list[tuple[str, str, str, list[str]]] = [
        ("/containers/prune", "Deleted Containers:", "ContainersDeleted", []),
        ("/networks/prune", "Deleted Networks:", "NetworksDeleted", []),
    ]
    if options.on("volumes"):
        steps.append(("/volumes/prune", "Deleted Volumes:", "VolumesDeleted", []))
    steps.append(("/images/prune", "Deleted Images:", "ImagesDeleted", [f"dangling={dangling}"]))
    context.client.agree()
    if as_numbers(context.client.version) >= CACHE_SINCE:
        steps.append(("/build/prune", "Deleted build cache objects:", "CachesDeleted", []))
    return steps


def _warning(options: Options, words: list[str]) -> str:
    everything = options.on("all")
    lines = [
        "all stopped containers",
        "all networks not used by at least one container",
    ]
    if options.on("volumes"):
        lines.append("all anonymous volumes not used by at least one container")
    lines.append(
        "all images without at least one container associated to them"
        if everything
        else "all dangling images"
    )
    lines.append("all build cache" if everything else "unused build cache")
    text = "WARNING! This will remove:\n" + "".join(f"  - {line}\n" for line in lines)
    if words:
        text += "\n  Items to be pruned will be filtered with:\n"
        text += "".join(f"  - {word}\n" for word in words)
    return text + "\nAre you sure you want to continue? [y/N] "
