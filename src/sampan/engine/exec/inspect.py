"""Everything about one exec."""

from typing import Any

from sampan.engine.engine import Engine


async def inspect(engine: Engine, exec_id: str) -> dict[str, Any]:
    """Give Docker's exec document."""
    each = engine.execs.get(exec_id)
    wish = each.request
    entrypoint, *arguments = wish.cmd or [""]
    return {
        "ID": each.id,
        "Running": each.running,
        "ExitCode": each.exit_code,
        "ProcessConfig": {
            "tty": wish.tty,
            "entrypoint": entrypoint,
            "arguments": arguments,
            "privileged": wish.privileged,
            **({"user": wish.user} if wish.user else {}),
        },
        "OpenStdin": wish.attach_stdin,
        "OpenStderr": wish.attach_stderr,
        "OpenStdout": wish.attach_stdout,
        "CanRemove": not each.running and each.exit_code is not None,
        "ContainerID": each.container_id,
        "DetachKeys": wish.detach_keys,
        "Pid": each.pid,
    }
