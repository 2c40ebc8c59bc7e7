"""The monitor of an exec: a further program in a running container.

Keeps no log and no record: an exec ends with its daemon's memory of it, and its program
goes on without us being found again. What the child does is sampan.runtime.exec's business.
"""

import json
import os
import socket
import time

from sampan.cgroup.driver import from_dict
from sampan.linux import prctl
from sampan.linux.flags import CLONE_NEWPID
from sampan.linux.namespaces import setns
from sampan.runtime.exec import Execution
from sampan.runtime.monitor.stdio import Pipes
from sampan.runtime.monitor.streams import Streams
from sampan.runtime.monitor.supervisor import Supervisor
from sampan.runtime.monitor.task import read_file
from sampan.runtime.program import Program

# A child that the program left behind may hold its output open for ever; dockerd gives it
# this long (moby, daemon/monitor.go: ProcessEvent).
LINGER = 2.0


class ExecMonitor(Supervisor):
    """The process that stands by one exec."""

    def __init__(self, control: socket.socket, directory: str, pidfd: int) -> None:
        super().__init__(control)
        self._directory = directory
        self._container = pidfd
        self._tty = False
        self._patience_until = 0.0

    def create(self) -> None:
        """Read the process, enter the pid namespace, fork."""
        process = json.loads(read_file(f"{self._directory}/process.json"))
        prctl.set_name(f"sampan: x{process['id'][:6]}")
        self._tty = bool(process.get("terminal"))
        self.size = (process.get("rows") or 0, process.get("cols") or 0)
        self.streams = Streams(
            self.loop, None, tty=self._tty, stdin_once=True, spool=self._directory
        )
        self.streams.on_drained = self.leave_if_done
        self.streams.on_end = self.finish_if_drained
        filter_ = read_file(process["seccomp"]) if process.get("seccomp") else b""
        execution = Execution(Program(process, filter_=filter_), self._container)
        pipes = None if self._tty else Pipes(stdin=bool(process.get("open_stdin")))
        execution.standard = pipes.theirs if pipes else None
        execution.user_namespace = _has_other_user_namespace(self._container)
        if process.get("cgroup"):
            execution.join_cgroup = from_dict(process["cgroup"]).join_self
        setns(self._container, CLONE_NEWPID)
        self.fork(execution.become, pipes, self._container)
        os.close(self._container)

    def may_finish(self) -> bool:
        """Give those who still hold the output a moment."""
        if self._tty:
            # The end of a session's leader hangs its terminal up: nothing will come.
            return True
        now = time.monotonic()
        if not self._patience_until:
            self._patience_until = now + LINGER
            self.loop.call_at(self._patience_until, self._stop_lingering)
        return now >= self._patience_until

    def _stop_lingering(self) -> None:
        self.finish_if_drained()
        self.leave_if_done()


def _has_other_user_namespace(pidfd: int) -> bool:
    """Whether the process lives in another user namespace than we do."""
    pid = 0
    with open(f"/proc/self/fdinfo/{pidfd}", encoding="utf-8") as lines:
        for line in lines:
            if line.startswith("Pid:"):
                pid = int(line[4:])
    ours = os.stat("/proc/self/ns/user")
    return os.stat(f"/proc/{pid}/ns/user").st_ino != ours.st_ino


def main(control: socket.socket, directory: str, pidfd: int) -> None:
    """Be the monitor of the exec in directory."""
    ExecMonitor(control, directory, pidfd).run()
