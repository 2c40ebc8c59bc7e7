"""sampan container wait: until containers have ended; then print their exit codes."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sampan.cli.context import Context
    from sampan.cli.flags import Options

USAGE = "CONTAINER [CONTAINER...]"
ARGUMENTS = (1, None)
FLAGS = ()


def run(context: Context, _options: Options, arguments: list[str]) -> int:
    """Wait for containers, all at once."""
    return context.for_all(
        arguments,
        "POST",
        "/containers/{}/wait",
        say=lambda _, answer: str(answer["StatusCode"]),
    )
