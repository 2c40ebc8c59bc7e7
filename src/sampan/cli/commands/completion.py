"""sampan completion: a script that makes a shell complete Sampan's commands and flags."""

from __future__ import annotations

from sampan.cli.errors import CommandError
from sampan.cli.load import load

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sampan.cli.context import Context
    from sampan.cli.flags import Options

USAGE = "bash|zsh|fish"
ARGUMENTS = (1, 1)
FLAGS = ()
SHELLS = ("bash", "zsh", "fish")


def run(context: Context, _options: Options, arguments: list[str]) -> int:
    """Print the script for one shell."""
    shell = arguments[0]
    if shell not in SHELLS:
        raise CommandError(f"unknown shell: {shell}: must be one of {', '.join(SHELLS)}")
    context.out.write(load("sampan.cli.completion").script(shell))
    return 0
