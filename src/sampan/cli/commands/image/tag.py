"""sampan image tag: one more name for an image."""

from __future__ import annotations

from sampan.cli.errors import CommandError
from sampan.cli.options.references import check, split
from sampan.client.url import segment
from sampan.errors import InvalidRequest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sampan.cli.context import Context
    from sampan.cli.flags import Options

USAGE = "SOURCE_IMAGE[:TAG] TARGET_IMAGE[:TAG]"
ARGUMENTS = (2, 2)
FLAGS = ()


def run(context: Context, _options: Options, arguments: list[str]) -> int:
    """Tag an image."""
    source, target = arguments
    try:
        name, tag = split(check(target))
    except InvalidRequest as error:
        raise CommandError(
            f'Error parsing reference: "{target}" is not a valid repository/tag: {error}'
        ) from None
    if tag.startswith("sha256:"):
        raise CommandError("refusing to create a tag with a digest reference")
    values = {"repo": name, "tag": tag or "latest"}
    context.client.post(f"/images/{segment(source)}/tag", values)
    return 0
