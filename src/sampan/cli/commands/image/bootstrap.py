"""sampan image bootstrap: a base image from a distribution's package mirror, without a registry.

Sampan's own word; the daemon does the work and tells how far it is.
"""

from __future__ import annotations

from sampan.cli.progress import show

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sampan.cli.context import Context
    from sampan.cli.flags import Options

USAGE = "NAME[:SUITE]"
ARGUMENTS = (1, 1)
FLAGS = ()


def run(context: Context, _options: Options, arguments: list[str]) -> int:
    """Make an image such as debian:bookworm, ubuntu:noble or busybox."""
    messages = context.client.documents("POST", "/sampan/images/bootstrap", {"ref": arguments[0]})
    show(context.out, messages)
    return 0
