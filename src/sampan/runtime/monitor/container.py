"""The monitor of a container: from its files to its exit record.

Outlives the daemon; whoever comes later finds it through monitor.sock. What the child does
is sampan.runtime.init's business.

Monitor and child are made ahead of need, before there is a container to be made, because
the pipes, the pid namespace and the fork are the same for almost all of them. The child
reads the spec; the monitor only what it needs for its own work, because what it touches
stays in memory as long as the container runs.
"""

import os
from contextlib import suppress

from sampan.cgroup.driver import from_dict
from sampan.linux import prctl
from sampan.linux.flags import CLONE_NEWPID
from sampan.linux.namespaces import setns, unshare
from sampan.logs.driver import open_writer
from sampan.runtime import init, messages, packets, progress
from sampan.runtime.monitor import record
from sampan.runtime.monitor.control import Control
from sampan.runtime.monitor.streams import Streams
from sampan.runtime.monitor.supervisor import Supervisor
from sampan.runtime.stdio import Pipes
from sampan.runtime.task import Task

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

# The smallest task.
BLANK: "dict[str, Any]" = {"id": "spare", "rootfs": [], "cgroup": {}, "log": {"driver": "none"}}
# Ours, not that of our children.
OWN_PID_NAMESPACE = "/proc/self/ns/pid"


class ContainerMonitor(Supervisor):
    """The process that stands by one container."""

    def __init__(self) -> None:
        super().__init__()
        self.control.on_connect = self._introduce
        self.directory = ""
        self.pipes: Pipes
        self.task: Task | None = None
        self.oom = False
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
        self.pipes = Pipes()
        unshare(CLONE_NEWPID)
        ahead = init.Ahead(self.pipes.theirs)
        self.fork(ahead.become, *self.pipes.theirs)
        self.pipes.close_theirs()
        self._warm_up()

    def _warm_up(self) -> None:
        """Touch ahead of need what create() will touch: each page is a fault and a copy then."""
        task = Task(packets.decode(packets.encode(BLANK)), "/")
        self.open_streams(task)
        Control(self.loop).broadcast(BLANK)

    def give_job(self) -> None:
        """Let the child begin, while we read what we need ourselves."""
        if self.progress:
            # OSError: it was killed while it waited; its end will be heard.
            with suppress(OSError):
                self.progress.send(progress.JOB + os.fsencode(self.directory))

    def discard(self) -> None:
        """Let go of what was made ahead of need: it is not needed after all."""
        if self.progress:
            self.progress.close()
            os.close(self.pidfd)
            os.waitpid(self.pid, 0)
            self.pipes.close_ours()
            # With its first process gone nothing can be forked into that pid namespace.
            join_pid_namespace(OWN_PID_NAMESPACE)

    def create(self) -> None:
        """Open our side of everything; the child is at work already."""
        if self._trouble:
            raise self._trouble
        task = self.task = Task.read(self.directory)
        self.open_streams(task)
        self.use_pipes(task)
        self.listen()
        self.control.listen(self.directory)

    def open_streams(self, task: Task) -> None:
        """Open the log and get ready for readers."""
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

    def use_pipes(self, task: Task) -> None:
        """Open our side of the streams that the task wants."""
        if task.terminal:
            self.pipes.close_ours()
            return
        if not task.open_stdin:
            self.pipes.close_our_input()
        self.open_pipes(self.pipes)

    def take_special_word(self, packet: bytes) -> None:
        """Fork once more, into the pid namespace that the spec names."""
        if packet[:1] != progress.OTHER:
            return
        assert self.progress
        assert self.task
        for fd in (self.progress.fileno(), self.pidfd):
            self.loop.forget(fd)
        self.progress.close()
        os.close(self.pidfd)
        os.waitpid(self.pid, 0)
        # Programs that outlive their parent in a shared pid namespace become ours.
        self.adopt_orphans()
        join_pid_namespace(os.fsdecode(packet[1:]) or OWN_PID_NAMESPACE)
        self.streams.close_outputs()
        self.streams.stdin.close_fd()
        self.pipes = Pipes()
        container = init.Container(self.task, self.pipes.theirs)
        self.fork(container.become, *self.pipes.theirs)
        self.pipes.close_theirs()
        self.use_pipes(self.task)
        self.listen()

    def adopt_orphans(self) -> None:
        """Become the parent of processes that lose theirs, and reap them."""
        prctl.set_child_subreaper(subreaper=True)
        self.loop.on_child = self._reap
        self.loop.catch_children()

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
        if not self.task or not self.task.cgroup:
            return
        group = from_dict(self.task.cgroup)
        with suppress(OSError):
            self.oom = group.oom_kills() > 0
        with suppress(OSError):
            group.kill()
            group.remove()
        # Orphans that we adopted are dead now.
        self._reap()

    def ended(self, end: "dict[str, Any]") -> None:
        """Leave the exit record for a daemon that is not there."""
        end["oom"] = self.oom
        self._end = end
        record.write(self.directory, {**end, "pid": self.pid, "started_at": self.started_at})


def join_pid_namespace(path: str) -> None:
    """Let the next child be born in the pid namespace at path."""
    fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        setns(fd, CLONE_NEWPID)
    finally:
        os.close(fd)
