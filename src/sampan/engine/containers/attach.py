"""Connect to a container's streams, before or while it runs."""

import socket

from sampan.engine import find
from sampan.engine.containers.logs import logs as read_logs
from sampan.engine.engine import Engine
from sampan.engine.streams import Attached
from sampan.engine.tasks.live import Pending
from sampan.errors import Conflict


async def attach(
    engine: Engine,
    ref: str,
    *,
    logs: bool = False,
    stream: bool = False,
    stdin: bool = False,
    stdout: bool = False,
    stderr: bool = False,
) -> Attached:
    """Attach to a container."""
    container = find.container(engine, ref)
    if container.state.paused:
        raise Conflict(f"container {container.name} is paused, unpause the container before attach")
    if container.state.restarting:
        raise Conflict(
            f"container {container.name} is restarting, wait until the container is running"
        )
    attached = Attached(sock=None, tty=container.config.tty)
    if logs:
        backlog = await read_logs(engine, ref, stdout=stdout, stderr=stderr)
        attached.backlog = backlog.chunks
    if stream:
        ours, theirs = socket.socketpair()
        attached.sock = ours
        wants_stdin = stdin and container.config.open_stdin
        live = engine.live(container.id)
        if live.handle is not None:
            live.handle.attach(theirs, stdin=wants_stdin, stdout=stdout, stderr=stderr)
        else:
            live.pending.append(Pending(theirs, wants_stdin, stdout, stderr))
    engine.events.container(container, "attach")
    return attached
