"""The monitor of an exec: a further program in a running container.

Keeps no log and no record: an exec ends with its daemon's memory of it, and its program
goes on without us being found again. What the child does is sampan.runtime.exec's business.
"""

import os
import time
from _socket import socket

from sampan.cgroup.driver import from_dict
from sampan.linux import prctl
from sampan.linux.flags import CLONE_NEWPID
from sampan.linux.namespaces import setns
from sampan.runtime import packets
from sampan.runtime.exec import Execution, has_other_user_namespace
from sampan.runtime.monitor.streams import Streams
from sampan.runtime.monitor.supervisor import Supervisor
from sampan.runtime.program import Program
from sampan.runtime.stdio import Pipes, standard_fds
from sampan.runtime.task import read_file, read_json

# A child that the program left behind may hold its output open for ever; dockerd gives it
# this long (moby, daemon/monitor.go: ProcessEvent).
LINGER = 2.0


class ExecMonitor(Supervisor):
    """The process that stands by one exec."""

    def __init__(self, directory: str, container: int) -> None:
        super().__init__()
        self._directory = directory
        self._container = container
        self._tty = False
        self._patience_until = 0.0

    def create(self) -> None:
        """Read the process, enter the pid namespace, fork."""
        process = read_json(f"{self._directory}/process.json")
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
        execution.user_namespace = has_other_user_namespace(self._container)
        if process.get("cgroup"):
            execution.join_cgroup = from_dict(process["cgroup"]).join_self
        setns(self._container, CLONE_NEWPID)
        if self._tty:
            self.fork(execution.become, self._container)
        else:
            self._fork_with_pipes(execution, stdin=bool(process.get("open_stdin")))
        os.close(self._container)
        self.listen()

    def _fork_with_pipes(self, execution: Execution, *, stdin: bool) -> None:
        pipes = Pipes()
        execution.standard = standard_fds(pipes.theirs, stdin=stdin)
        self.fork(execution.become, *execution.standard, self._container)
        pipes.close_theirs()
        if not stdin:
            os.close(execution.standard[0])
            pipes.close_our_input()
        self.open_pipes(pipes)

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


def main(jobs: socket) -> None:
    """Be the monitor of the exec that the first packet of jobs will name."""
    os.setsid()
    data, fds = packets.receive(jobs)
    jobs.close()
    if not data:
        # Nobody will need us.
        return
    directory = packets.decode(data)["dir"]
    ExecMonitor(directory, fds[1]).run(packets.from_fd(fds[0]))
