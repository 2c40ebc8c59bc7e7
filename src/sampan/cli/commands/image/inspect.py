"""sampan image inspect: all there is to know about images."""

from __future__ import annotations

from sampan.cli.flags import DOCUMENT_FORMAT, STRING, Flag
from sampan.cli.inspection import IMAGE, inspect

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sampan.cli.context import Context
    from sampan.cli.flags import Options

USAGE = "[OPTIONS] IMAGE [IMAGE...]"
ARGUMENTS = (1, None)
FLAGS = (
    DOCUMENT_FORMAT,
    Flag(
        "platform",
        "",
        STRING,
        "Inspect a specific platform of the multi-platform image. If the image or the server "
        "is not multi-platform capable, the command will error out if the platform does not "
        "match. 'os[/arch[/variant]]': Explicit platform (eg. linux/amd64)",
    ),
)


def run(context: Context, options: Options, arguments: list[str]) -> int:
    """Print images as JSON, or by a template."""
    values: dict[str, object] = {}
    if options.text("platform"):
        values["platform"] = platform(options.text("platform"))
    return inspect(context, arguments, (IMAGE,), options.text("format"), values=values)


def platform(text: str) -> str:
    """Turn os/arch/variant into the API's document."""
    parts = [*text.split("/"), "", ""]
    fields = zip(("os", "architecture", "variant"), parts, strict=False)
    inner = ",".join(f'"{name}":"{value}"' for name, value in fields if value)
    return f"{{{inner}}}"
