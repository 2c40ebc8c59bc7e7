"""sampan image pull: an image from a registry."""

from __future__ import annotations

from sampan.cli.errors import CommandError
from sampan.cli.flags import BOOL, STRING, Flag
from sampan.cli.options.references import check, familiar, split
from sampan.cli.progress import failure, show
from sampan.client.logins import header

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sampan.cli.context import Context
    from sampan.cli.flags import Options

USAGE = "[OPTIONS] NAME[:TAG|@DIGEST]"
ARGUMENTS = (1, 1)
FLAGS = (
    Flag("all-tags", "a", BOOL, "Download all tagged images in the repository"),
    Flag("disable-content-trust", "", BOOL, "Skip image verification", default=True),
    Flag("platform", "", STRING, "Set platform if server is multi-platform capable"),
    Flag("quiet", "q", BOOL, "Suppress verbose output"),
)
HUB = "docker.io"


def run(context: Context, options: Options, arguments: list[str]) -> int:
    """Pull an image and print its whole name."""
    name, tag = split(check(arguments[0]))
    everything = options.on("all-tags")
    if everything and tag:
        raise CommandError("tag can't be used with --all-tags/-a")
    if not everything and not tag:
        tag = "latest"
        if not options.on("quiet"):
            context.out.line("Using default tag: latest")
    messages = context.client.documents(
        "POST",
        "/images/create",
        {"fromImage": name, "tag": tag or None, "platform": options.text("platform") or None},
        headers={"X-Registry-Auth": header(context.directory, name)},
    )
    if options.on("quiet"):
        failure(messages)
    else:
        show(context.out, messages)
    separator = "@" if tag.startswith("sha256:") else ":"
    context.out.line(f"{whole(name)}{separator}{tag}" if tag else whole(name))
    return 0


def whole(name: str) -> str:
    """Return a name with its registry: docker.io/library/debian. Pure."""
    first, slash, _ = name.partition("/")
    if slash and ("." in first or ":" in first or first == "localhost"):
        return name
    short = familiar(name)
    return f"{HUB}/{short}" if "/" in short else f"{HUB}/library/{short}"
