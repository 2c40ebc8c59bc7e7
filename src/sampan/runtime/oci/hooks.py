"""OCI hooks: programs of the caller's, run at the turns of a container's life.

runtime-spec, config.md, "POSIX-platform Hooks": each gets the container's state as JSON on
its standard input; one that fails ends what is under way, except after the stop.
"""

import errno
import os
import select
import signal

from sampan.linux.pidfd import pidfd_open
from sampan.runtime import packets

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any


def run(hooks: "Iterable[Mapping[str, Any]] | None", state: "Mapping[str, Any]") -> None:
    """Run hooks in their order; OSError naming the one that failed."""
    for hook in hooks or ():
        _run_one(hook, packets.encode(dict(state)))


def _run_one(hook: "Mapping[str, Any]", state: bytes) -> None:
    path = hook["path"]
    reading, writing = os.pipe2(os.O_CLOEXEC)
    # The state fits the pipe's buffer: nobody has to read for us to go on.
    os.write(writing, state)
    os.close(writing)
    pid = os.fork()
    if not pid:
        try:
            os.dup2(reading, 0)
            os.execve(
                path,
                list(hook.get("args") or [path]),
                dict(entry.split("=", 1) for entry in hook.get("env") or () if "=" in entry),
            )
        finally:
            os._exit(127)
    os.close(reading)
    _wait(pid, path, hook.get("timeout"))


def _wait(pid: int, path: str, timeout: int | None) -> None:
    pidfd = pidfd_open(pid)
    try:
        poll = select.poll()
        poll.register(pidfd, select.POLLIN)
        if timeout and not poll.poll(timeout * 1000):
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
            raise TimeoutError(errno.ETIMEDOUT, f"hook ran past its timeout of {timeout} s", path)
    finally:
        os.close(pidfd)
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    if code:
        raise OSError(errno.ECANCELED, f"hook ended with exit status {code}", path)
