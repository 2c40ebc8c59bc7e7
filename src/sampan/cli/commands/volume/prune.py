"""sampan volume prune: remove volumes that no container uses, nameless ones unless -a."""

from __future__ import annotations

from sampan.cli.errors import CommandError
from sampan.cli.flags import BOOL, FILTER, Flag
from sampan.cli.pruning import deleted, report
from sampan.client.api import as_numbers
from sampan.client.url import filters

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sampan.cli.context import Context
    from sampan.cli.flags import Options

USAGE = "[OPTIONS]"
ARGUMENTS = (0, 0)
FLAGS = (
    Flag("all", "a", BOOL, "Remove all unused volumes, not just anonymous ones"),
    Flag("filter", "", FILTER, 'Provide filter values (e.g. "label=<label>")'),
    Flag("force", "f", BOOL, "Do not prompt for confirmation"),
)
NAMELESS = "WARNING! This will remove anonymous local volumes not used by at least one container."
EVERY = "WARNING! This will remove all local volumes not used by at least one container."
QUESTION = "\nAre you sure you want to continue? [y/N] "
# Before this version of the API the daemon always took named volumes too.
SPARING = (1, 42)


def run(context: Context, options: Options, _arguments: list[str]) -> int:
    """Remove unused volumes and say what that freed."""
    words = options.many("filter")
    context.client.agree()
    spares_named = as_numbers(context.client.version) >= SPARING
    if options.on("all") and spares_named:
        if any(word.startswith("all=") for word in words):
            raise CommandError("conflicting options: cannot specify both --all and --filter all=1")
        words.append("all=true")
    warning = EVERY if options.on("all") or not spares_named else NAMELESS
    if not options.on("force") and not context.confirm(warning + QUESTION):
        return 0
    found = context.client.post("/volumes/prune", {"filters": filters(words)})
    text = deleted("Deleted Volumes:", found.get("VolumesDeleted"))
    context.out.write(text + report(found))
    return 0
