"""The monitor of a container: from its files to its exit record.

Outlives the daemon; whoever comes later finds it through monitor.sock. What the child does
is sampan.runtime.init's business.

Monitor and child are made ahead of need, before there is a container to be made, because
the pipes, the pid namespace and the fork are the same for almost all of them. The child
reads the spec; the monitor only what it needs for its own work, because what it touches
stays in memory as long as the container runs.
"""

import os
from _socket import socket
from contextlib import suppress

from sampan.cgroup.driver import from_dict
from sampan.linux import prctl
from sampan.linux.flags import CLONE_NEWPID
from sampan.linux.namespaces import setns, unshare
from sampan.logs.driver import open_writer
from sampan.runtime import init, messages, packets, progress
from sampan.runtime.monitor import record
from sampan.runtime.monitor.streams import Streams
from sampan.runtime.monitor.supervisor import Supervisor
from sampan.runtime.stdio import Pipes
from sampan.runtime.task import Task

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class ContainerMonitor(Supervisor):
    """The process that stands by one container."""

    def __init__(self) -> None:
        super().__init__()
        self.control.on_connect = self._introduce
        self.directory = ""
        self._pipes: Pipes
        self._task: Task | None = None
        self._oom = False
        self._end: dict[str, Any] = {}
        self._trouble: OSError | None = None

    def prepare(self) -> None:
        """Make what every container needs, before it is known which one."""
        try:
            self._prepare()
        except OSError as error:
            # There is nobody to tell yet.
            self._trouble = error

    def _prepare(self) -> None:
        os.setsid()
        self._pipes = Pipes()
        unshare(CLONE_NEWPID)
        ahead = init.Ahead(self._pipes.theirs)
        self.fork(ahead.become, *self._pipes.theirs)
        self._pipes.close_theirs()

    def create(self) -> None:
        """Give the child its job and open our side of everything."""
        if self._trouble:
            raise self._trouble
        assert self.progress
        self.progress.send(progress.JOB + os.fsencode(self.directory))
        task = self._task = Task.read(self.directory)
        prctl.set_name(f"sampan: {task.id[:7]}")
        self.size = (task.rows, task.cols)
        self.streams = Streams(
            self.loop,
            open_writer(task.log) if task.log else None,
            tty=task.terminal,
            stdin_once=task.stdin_once,
            spool=task.spool_directory,
        )
        self.streams.on_drained = self.leave_if_done
        self._open_pipes(task)
        self.listen()
        self.control.listen(self.directory)

    def _open_pipes(self, task: Task) -> None:
        if task.terminal:
            self._pipes.close_ours()
            return
        if not task.open_stdin:
            self._pipes.close_our_input()
        self.open_pipes(self._pipes)

    def take_special_word(self, packet: bytes) -> None:
        """Fork once more, into the pid namespace that the spec names."""
        if packet[:1] != progress.OTHER:
            return
        assert self.progress
        assert self._task
        for fd in (self.progress.fileno(), self.pidfd):
            self.loop.forget(fd)
        self.progress.close()
        os.close(self.pidfd)
        os.waitpid(self.pid, 0)
        # Programs that outlive their parent in a shared pid namespace become ours to reap.
        prctl.set_child_subreaper(subreaper=True)
        self.loop.on_child = self._reap
        self.loop.catch_children()
        path = os.fsdecode(packet[1:]) or "/proc/self/ns/pid"
        fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        setns(fd, CLONE_NEWPID)
        os.close(fd)
        self.streams.close_outputs()
        self.streams.stdin.close_fd()
        self._pipes = Pipes()
        container = init.Container(self._task, self._pipes.theirs)
        self.fork(container.become, *self._pipes.theirs)
        self._pipes.close_theirs()
        self._open_pipes(self._task)
        self.listen()

    def _reap(self) -> None:
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if not pid:
                return
            if pid == self.pid:
                self.loop.forget(self.pidfd)
                self.take_status(status)

    def _introduce(self) -> "tuple[dict[str, Any], tuple[int, ...]]":
        """Tell a daemon that has just connected how things are."""
        state = {
            "op": messages.STATE,
            "status": self.status,
            "pid": self.pid,
            "started_at": self.started_at,
            **self._end,
        }
        return state, (self.pidfd,) if self.pidfd >= 0 else ()

    def clean_up(self) -> None:
        """Let go of the control group; whatever is left in it dies first."""
        if not self._task or not self._task.cgroup:
            return
        group = from_dict(self._task.cgroup)
        with suppress(OSError):
            self._oom = group.oom_kills() > 0
        with suppress(OSError):
            group.kill()
            group.remove()

    def ended(self, end: "dict[str, Any]") -> None:
        """Leave the exit record for a daemon that is not there."""
        end["oom"] = self._oom
        self._end = end
        record.write(self.directory, {**end, "pid": self.pid, "started_at": self.started_at})


def main(jobs: socket) -> None:
    """Be the monitor of the container that the first packet of jobs will name."""
    monitor = ContainerMonitor()
    monitor.prepare()
    data, fds = packets.receive(jobs)
    jobs.close()
    if not data:
        # Nobody will need us.
        return
    monitor.directory = packets.decode(data)["dir"]
    monitor.run(packets.from_fd(fds[0]))
