"""One container from fork to exit record.

    read the task -> pipes, control group, fork -> [created] -> [ready] -> wait for start
    -> [started] -> pass streams on -> program ends -> record, [exited] -> readers drained -> leave

Words in brackets are messages (sampan.runtime.messages); between them is one poll loop.
What the child does is sampan.runtime.init's business.
"""

import os
import signal
import socket
from contextlib import suppress

from sampan.base import clock
from sampan.linux import prctl
from sampan.linux.flags import CLONE_NEWPID
from sampan.linux.namespaces import setns, unshare
from sampan.linux.pidfd import pidfd_open, pidfd_send_signal
from sampan.logs.driver import open_writer
from sampan.runtime import messages, progress, stages, wire
from sampan.runtime.init import Container
from sampan.runtime.monitor import record
from sampan.runtime.monitor.control import Control, attach_wishes
from sampan.runtime.monitor.groups import open_group
from sampan.runtime.monitor.loop import READ, Loop
from sampan.runtime.monitor.stdio import Pipes
from sampan.runtime.monitor.streams import STDERR, STDOUT, Streams
from sampan.runtime.monitor.task import Task

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Monitor:
    """The process that stands by one container."""

    def __init__(self, control: socket.socket, directory: str) -> None:
        self._loop = Loop()
        self._directory = directory
        self._control = Control(self._loop)
        self._control.on_message = self._serve
        self._control.on_connect = self._introduce
        self._control.on_lost = self._lost
        self._control.add(control)
        self._progress: socket.socket | None = None
        self._status = "creating"
        self._pid = 0
        self._pidfd = -1
        self._wait_status: int | None = None
        self._started_at = ""
        self._end: dict[str, Any] = {}

    def run(self) -> None:
        """Stand by until the container is gone and everybody knows."""
        try:
            self._create()
        except Exception as error:  # noqa: BLE001 - told to the daemon
            self._fail(stages.BUG, 0, f"{type(error).__name__}: {error}")
            self._leave()
        self._loop.run()
        self._control.close()

    # -- making it ---------------------------------------------------------------------------

    def _create(self) -> None:
        os.setsid()
        prctl.set_child_subreaper(subreaper=True)
        task = self._task = Task.read(self._directory)
        prctl.set_name(f"sampan: {task.id[:7]}")
        self._loop.catch_children()
        self._loop.on_child = self._reap
        self._streams = Streams(
            self._loop,
            open_writer(task.log) if task.log else None,
            tty=task.terminal,
            stdin_once=task.stdin_once,
            spool=task.spool_directory,
        )
        self._streams.on_drained = self._leave_if_done
        self._group = open_group(task.cgroup)
        if self._group:
            self._group.create((task.spec.get("linux") or {}).get("resources") or {})
        self._fork(task)
        self._control.listen(self._directory)

    def _fork(self, task: Task) -> None:
        pipes = None if task.terminal else Pipes(stdin=task.open_stdin)
        container = Container(task.spec, self._directory, task.id)
        container.rootfs = task.rootfs
        container.filter = task.filter
        container.init = task.init
        container.standard = pipes.theirs if pipes else None
        if self._group:
            container.join_cgroup = self._group.join_self
        ours, theirs = wire.pair()
        restore = self._enter_pid_namespace(task)
        pid = os.fork()
        if not pid:
            progress.keep_only(theirs.fileno(), *(pipes.theirs if pipes else ()))
            progress.run(theirs, container.become)
        if restore >= 0:
            # What else we fork (an OCI hook) belongs to the host.
            setns(restore, CLONE_NEWPID)
            os.close(restore)
        self._pid = pid
        self._pidfd = pidfd_open(pid)
        theirs.close()
        self._progress = ours
        ours.settimeout(0)
        self._loop.watch(ours.fileno(), READ, self._hear)
        if pipes:
            pipes.close_theirs()
            ours_in, ours_out, ours_err = pipes.ours
            if ours_in >= 0:
                self._streams.stdin.open(ours_in)
            self._streams.open_output(ours_out, STDOUT)
            self._streams.open_output(ours_err, STDERR)

    def _enter_pid_namespace(self, task: Task) -> int:
        """Make or join the pid namespace for the child; return the way back, -1 for none."""
        for entry in (task.spec.get("linux") or {}).get("namespaces") or ():
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

    # -- hearing the child -------------------------------------------------------------------

    def _hear(self, _: int) -> None:
        assert self._progress
        while self._progress:
            try:
                packet, fds = wire.receive_bytes(self._progress)
            except BlockingIOError:
                return
            self._take_word(packet, fds)

    def _take_word(self, packet: bytes, fds: list[int]) -> None:
        word = packet[:1]
        if word == progress.CREATED:
            message = {"op": messages.CREATED, "pid": self._pid}
            self._control.broadcast(message, (self._pidfd,))
        elif word == progress.TERMINAL:
            self._streams.open_terminal(fds[0], self._task.rows, self._task.cols)
        elif word == progress.READY:
            self._status = "created"
            self._control.broadcast({"op": messages.READY})
        elif word == progress.FAILED:
            self._status = "failed"
            self._fail(*stages.decode(packet))
        elif not word:
            self._progress_ended()

    def _progress_ended(self) -> None:
        assert self._progress
        self._loop.forget(self._progress.fileno())
        self._progress.close()
        self._progress = None
        if self._status == "starting":
            self._status = "running"
            self._started_at = clock.now()
            self._task.forget_spec()
            self._control.broadcast({"op": messages.STARTED, "at": self._started_at})
        elif self._status in {"creating", "created"}:
            # Killed from outside before it was to start.
            self._status = "failed"
            self._fail(stages.FORK, 0, "the container's first process was killed")
        self._end_if_over()

    def _fail(self, stage: int, number: int, detail: str) -> None:
        text, code = stages.explain(stage, number, detail)
        self._control.broadcast(
            {
                "op": messages.FAILED,
                "stage": stage,
                "errno": number,
                "message": text,
                "exit_code": code,
            }
        )

    # -- serving the daemon ------------------------------------------------------------------

    def _serve(self, message: "dict[str, Any]", fds: list[int]) -> None:
        op = message.get("op")
        if op == messages.ATTACH and fds:
            self._streams.attach(fds.pop(0), **attach_wishes(message))
        elif op == messages.START and self._status == "created" and self._progress:
            self._status = "starting"
            self._progress.send(progress.GO)
        elif op == messages.SIGNAL:
            # ProcessLookupError: it has ended, and the news is on its way.
            with suppress(ProcessLookupError):
                pidfd_send_signal(self._pidfd, int(message["signal"]))
        elif op == messages.RESIZE:
            with suppress(OSError):
                self._streams.resize(int(message["rows"]), int(message["cols"]))
        elif op == messages.CLOSE:
            self._streams.stdin.close()
        for fd in fds:
            os.close(fd)

    def _introduce(self) -> "tuple[dict[str, Any], tuple[int, ...]]":
        """Tell a daemon that has just connected how things are."""
        state = {"op": messages.STATE, "status": self._status, "pid": self._pid, **self._end}
        state.setdefault("started_at", self._started_at)
        return state, (self._pidfd,) if self._pidfd >= 0 else ()

    def _lost(self) -> None:
        """Before the program runs, a lost daemon is the end of the attempt."""
        if self._status in {"creating", "created", "starting"} and not self._control.connected:
            self._status = "failed"
            self._kill()

    def _kill(self) -> None:
        if self._pidfd >= 0:
            with suppress(ProcessLookupError):
                pidfd_send_signal(self._pidfd, signal.SIGKILL)

    # -- the end -----------------------------------------------------------------------------

    def _reap(self) -> None:
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                break
            if not pid:
                break
            if pid == self._pid:
                self._wait_status = status
        self._end_if_over()

    def _end_if_over(self) -> None:
        """Book the end once the program is reaped and the progress socket has been heard out."""
        if self._wait_status is None:
            return
        if self._progress:
            # Its last words (why it failed) may still be on the way; they are all there now.
            self._hear(0)
            if self._progress:
                return
        if self._status == "running":
            self._book_end(self._wait_status)
        elif self._status == "failed":
            self._clean_up()
            self._streams.finish()
            self._status = "gone"
        self._leave_if_done()

    def _book_end(self, status: int) -> None:
        self._clean_up()
        self._streams.drain()
        self._status = "stopped"
        self._end = {
            "exit_code": record.exit_code(status),
            "oom": self._oom,
            "at": clock.now(),
            "started_at": self._started_at,
        }
        record.write(self._directory, {**self._end, "pid": self._pid})
        self._streams.finish()
        self._control.broadcast(
            {
                "op": messages.EXITED,
                "exit_code": self._end["exit_code"],
                "oom": self._oom,
                "at": self._end["at"],
            }
        )

    def _clean_up(self) -> None:
        """Let go of the control group; whatever is left in it dies first."""
        self._oom = False
        if self._group:
            with suppress(OSError):
                self._oom = self._group.oom_kills() > 0
            with suppress(OSError):
                self._group.kill()
                self._group.remove()
            self._group = None

    def _leave_if_done(self) -> None:
        if self._status in {"stopped", "gone"} and not self._streams.has_readers:
            self._leave()

    def _leave(self) -> None:
        self._loop.running = False


def main(control: socket.socket, directory: str) -> None:
    """Be the monitor of the task in directory."""
    Monitor(control, directory).run()
