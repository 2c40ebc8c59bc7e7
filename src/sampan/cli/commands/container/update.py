"""sampan container update: other limits or another restart policy for containers there are."""

from __future__ import annotations

from sampan.cli.errors import CommandError
from sampan.cli.flags import INT, STRING, Flag
from sampan.cli.options.container import HOST
from sampan.cli.options.kinds import BYTES, DECIMAL, SWAP, UINT16
from sampan.cli.options.restart import restart
from sampan.client.errors import ApiError
from sampan.client.url import segment

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sampan.cli.context import Context
    from sampan.cli.flags import Options

USAGE = "[OPTIONS] CONTAINER [CONTAINER...]"
ARGUMENTS = (1, None)
FLAGS = (
    Flag(
        "blkio-weight",
        "",
        UINT16,
        "Block IO (relative weight), between 10 and 1000, or 0 to disable",
    ),
    Flag("cpu-period", "", INT, "Limit CPU CFS (Completely Fair Scheduler) period"),
    Flag("cpu-quota", "", INT, "Limit CPU CFS (Completely Fair Scheduler) quota"),
    Flag("cpu-rt-period", "", INT, "Limit the CPU real-time period in microseconds"),
    Flag("cpu-rt-runtime", "", INT, "Limit the CPU real-time runtime in microseconds"),
    Flag("cpu-shares", "c", INT, "CPU shares (relative weight)"),
    Flag("cpus", "", DECIMAL, "Number of CPUs"),
    Flag("cpuset-cpus", "", STRING, "CPUs in which to allow execution (0-3, 0,1)"),
    Flag("cpuset-mems", "", STRING, "MEMs in which to allow execution (0-3, 0,1)"),
    Flag("kernel-memory", "", BYTES, "Kernel memory limit", hidden=True),
    Flag("memory", "m", BYTES, "Memory limit"),
    Flag("memory-reservation", "", BYTES, "Memory soft limit"),
    Flag(
        "memory-swap",
        "",
        SWAP,
        "Swap limit equal to memory plus swap: -1 to enable unlimited swap",
    ),
    Flag("pids-limit", "", INT, "Tune container pids limit (set -1 for unlimited)"),
    Flag("restart", "", STRING, "Restart policy to apply when a container exits"),
)


def run(context: Context, options: Options, arguments: list[str]) -> int:
    """Update containers and print their names."""
    if not options.changed:
        raise CommandError("you must provide one or more flags when using this command")
    wanted = {HOST[flag]: options.values[flag] for flag in options.changed - {"restart"}}
    if "restart" in options.changed:
        try:
            wanted["RestartPolicy"] = restart(options.text("restart"))
        except ValueError as error:
            raise CommandError(str(error)) from None
    code = 0
    for name in arguments:
        try:
            answer = context.client.post(f"/containers/{segment(name)}/update", None, wanted)
        except ApiError as error:
            context.err.line(str(error))
            code = 1
            continue
        context.out.line(name)
        for warning in (answer or {}).get("Warnings") or ():
            context.err.line(warning)
    return code
