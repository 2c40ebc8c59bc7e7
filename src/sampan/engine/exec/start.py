"""Run a prepared exec."""

import socket

from sampan.engine.engine import Engine
from sampan.engine.exec.check import check
from sampan.engine.lifecycle import exec_launch
from sampan.engine.spec.validate import limits
from sampan.engine.streams import Attached
from sampan.errors import StartFailed
from sampan.schema.container import ExecStart
from sampan.state.execs import Exec


async def start(engine: Engine, exec_id: str, request: ExecStart) -> Attached | None:
    """Run an exec; give its streams, or None with detach."""
    each, container = await check(engine, exec_id)
    size = request.console_size or each.request.console_size or [0, 0]
    limits.check_console_size(size)
    each.started = True
    rows, columns = size
    if request.detach:
        try:
            await exec_launch.launch(engine, container, each, size=(rows, columns))
        except StartFailed as error:
            each.exit_code = error.exit_code
            raise
        return None
    ours, theirs = socket.socketpair()
    try:
        handle = await exec_launch.launch(
            engine, container, each, stream=theirs, size=(rows, columns)
        )
    except StartFailed as error:
        # The caller is answered already that a stream follows, so it reads the reason there
        # and the code from inspect, as with dockerd.
        each.exit_code = error.exit_code
        return Attached(_last_words(each, str(error)), each.request.tty)
    except BaseException:
        ours.close()
        raise
    return Attached(ours, each.request.tty, ended=handle.exited)


def _last_words(each: Exec, reason: str) -> socket.socket:
    """Return a stream that says why nothing runs, and ends."""
    ours, theirs = socket.socketpair()
    text = f"OCI runtime exec failed: exec failed: unable to start container process: {reason}\r\n"
    payload = text.encode()
    with theirs:
        if not each.request.tty:
            payload = b"\x01\0\0\0" + len(payload).to_bytes(4, "big") + payload
        theirs.sendall(payload)
    return ours
