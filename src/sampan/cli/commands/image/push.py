"""sampan image push: an image to a registry."""

from __future__ import annotations

from sampan.cli.errors import CommandError
from sampan.cli.flags import BOOL, STRING, Flag
from sampan.cli.options.references import check, split
from sampan.cli.progress import failure, show
from sampan.client.logins import header
from sampan.client.url import segment

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sampan.cli.context import Context
    from sampan.cli.flags import Options

USAGE = "[OPTIONS] NAME[:TAG]"
ARGUMENTS = (1, 1)
FLAGS = (
    Flag("all-tags", "a", BOOL, "Push all tags of an image to the repository"),
    Flag("disable-content-trust", "", BOOL, "Skip image signing", default=True),
    Flag(
        "platform",
        "",
        STRING,
        "Push a platform-specific manifest as a single-platform image to the registry",
    ),
    Flag("quiet", "q", BOOL, "Suppress verbose output"),
)


def run(context: Context, options: Options, arguments: list[str]) -> int:
    """Push an image."""
    name, tag = split(check(arguments[0]))
    if options.on("all-tags") and tag:
        raise CommandError("tag can't be used with --all-tags/-a")
    if not options.on("all-tags") and not tag:
        tag = "latest"
        if not options.on("quiet"):
            context.out.line("Using default tag: latest")
    messages = context.client.documents(
        "POST",
        f"/images/{segment(name)}/push",
        {"tag": tag or None},
        headers={"X-Registry-Auth": header(context.directory, name)},
    )
    if options.on("quiet"):
        failure(messages)
        context.out.line(f"{name}:{tag}" if tag else name)
    else:
        show(context.out, messages)
    return 0
