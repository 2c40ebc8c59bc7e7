"""The monitor of a container: from its files to its exit record.

Outlives the daemon; whoever comes later finds it through monitor.sock. What the child does
is sampan.runtime.init's business.
"""

import os
import socket
from contextlib import suppress

from sampan.cgroup.driver import from_dict
from sampan.linux import prctl
from sampan.linux.flags import CLONE_NEWPID
from sampan.linux.namespaces import setns, unshare
from sampan.logs.driver import open_writer
from sampan.runtime import messages
from sampan.runtime.init import Container
from sampan.runtime.monitor import record
from sampan.runtime.monitor.stdio import Pipes
from sampan.runtime.monitor.streams import Streams
from sampan.runtime.monitor.supervisor import Supervisor
from sampan.runtime.monitor.task import Task

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from sampan.cgroup.driver import Cgroup


class ContainerMonitor(Supervisor):
    """The process that stands by one container."""

    def __init__(self, control: socket.socket, directory: str) -> None:
        super().__init__(control)
        self._directory = directory
        self._oom = False
        self._end: dict[str, Any] = {}
        self._group: Cgroup | None = None
        self.control.on_connect = self._introduce

    def create(self) -> None:
        """Read the task, make its control group and pipes, fork its first process."""
        # Programs that outlive their parent in a shared pid namespace become ours to reap.
        prctl.set_child_subreaper(subreaper=True)
        task = self._task = Task.read(self._directory)
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
        if task.cgroup:
            self._group = from_dict(task.cgroup)
            self._group.create((task.spec.get("linux") or {}).get("resources") or {})
        self._fork_init(task)
        self.control.listen(self._directory)

    def _fork_init(self, task: Task) -> None:
        pipes = None if task.terminal else Pipes(stdin=task.open_stdin)
        container = Container(task.spec, self._directory, task.id)
        container.rootfs = task.rootfs
        container.filter = task.filter
        container.init = task.init
        container.standard = pipes.theirs if pipes else None
        if self._group:
            container.join_cgroup = self._group.join_self
            container.cgroup_paths = self._group.paths()
        back = _enter_pid_namespace(task.spec)
        try:
            self.fork(container.become, pipes)
        finally:
            if back >= 0:
                # What else we fork (an OCI hook) belongs to the host.
                setns(back, CLONE_NEWPID)
                os.close(back)

    def started(self) -> None:
        """Forget what is needed no more: every container has one of us in memory."""
        self._task.forget_spec()

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
        if not self._group:
            return
        with suppress(OSError):
            self._oom = self._group.oom_kills() > 0
        with suppress(OSError):
            self._group.kill()
            self._group.remove()
        self._group = None

    def ended(self, end: "dict[str, Any]") -> None:
        """Leave the exit record for a daemon that is not there."""
        end["oom"] = self._oom
        self._end = end
        record.write(
            self._directory, {**end, "pid": self.pid, "started_at": self.started_at}
        )


def _enter_pid_namespace(spec: "dict[str, Any]") -> int:
    """Make or join the pid namespace for the next child; return the way back, -1 for none."""
    for entry in (spec.get("linux") or {}).get("namespaces") or ():
        if entry["type"] != "pid":
            continue
        back = os.open("/proc/self/ns/pid", os.O_RDONLY | os.O_CLOEXEC)
        if entry.get("path"):
            fd = os.open(entry["path"], os.O_RDONLY | os.O_CLOEXEC)
            setns(fd, CLONE_NEWPID)
            os.close(fd)
        else:
            unshare(CLONE_NEWPID)
        return back
    return -1


def main(control: socket.socket, directory: str) -> None:
    """Be the monitor of the task in directory."""
    ContainerMonitor(control, directory).run()
