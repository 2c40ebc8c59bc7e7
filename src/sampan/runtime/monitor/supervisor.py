"""What container and exec monitors have in common: one child, its streams, its daemon.

    create() -> [created] -> [ready] -> wait for start -> [started] -> pass streams on
    -> program ends -> [exited] -> readers drained -> leave

Words in brackets are messages (sampan.runtime.messages); between them is one poll loop.
What is made and what its end means differs and is left to the two kinds of monitor.
"""

import os
import signal
from _socket import socket
from contextlib import suppress

from sampan.base import clock
from sampan.linux.pidfd import pidfd_open, pidfd_send_signal
from sampan.runtime import messages, packets, progress, stages
from sampan.runtime.monitor import record
from sampan.runtime.monitor.control import Control, attach_wishes
from sampan.runtime.monitor.loop import READ, Loop
from sampan.runtime.monitor.streams import STDERR, STDOUT, Streams
from sampan.runtime.stdio import Pipes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


class Supervisor:
    """The process that stands by one program."""

    def __init__(self) -> None:
        self.loop = Loop()
        self.control = Control(self.loop)
        self.control.on_message = self._serve
        self.control.on_lost = self._lost
        # Replaced by create(); until then there is nothing to be said.
        self.streams = Streams(self.loop, None, tty=False, stdin_once=False, spool="/")
        self.status = "creating"
        self.pid = 0
        self.pidfd = -1
        self.started_at = ""
        self.size = (0, 0)
        self.progress: socket | None = None
        self._wait_status: int | None = None
        self._failure: dict[str, Any] = {}

    def run(self, control: socket) -> None:
        """Stand by until the program is gone and everybody knows."""
        self.control.add(control)
        try:
            self.create()
        except OSError as error:
            self.fail(stages.CREATE, error.errno or 0, f"{error.filename or ''}")
            self.give_up()
        except Exception as error:  # noqa: BLE001 - told to the daemon
            self.fail(stages.BUG, 0, f"{type(error).__name__}: {error}")
            self.give_up()
        self.loop.run()
        self.control.close()

    def create(self) -> None:
        """Make what the program needs, and the child that is to become it."""
        raise NotImplementedError

    def start(self) -> None:
        """Let the child run the program."""
        if self.progress:
            self.progress.send(progress.GO)

    def take_special_word(self, packet: bytes) -> None:
        """Serve a word of the child that only one kind of monitor knows."""

    def built(self) -> None:
        """All is ready for the program to be started."""

    def started(self) -> None:
        """The program runs."""

    def clean_up(self) -> None:
        """The program is gone; undo what was made. Called once, whatever happened."""

    def ended(self, end: "dict[str, Any]") -> None:
        """Book the end of a program that did run, before anybody is told."""

    def may_finish(self) -> bool:
        """Whether the streams may be closed although somebody may still hold them open."""
        return True

    # -- making it ---------------------------------------------------------------------------

    def fork(self, deed: "Callable[[progress.Progress], None]", *keep: int) -> None:
        """Fork the child that is to become the program."""
        ours, theirs = packets.pair()
        pid = os.fork()
        if not pid:
            progress.keep_only(theirs.fileno(), *keep)
            progress.run(theirs, deed)
        theirs.close()
        ours.settimeout(0)
        self.pid = pid
        self.pidfd = pidfd_open(pid)
        self.progress = ours

    def listen(self) -> None:
        """Hear the child's progress and its end from now on."""
        assert self.progress
        self.loop.watch(self.progress.fileno(), READ, self._hear)
        self.loop.watch(self.pidfd, READ, self.child_ended)

    def open_pipes(self, pipes: Pipes) -> None:
        """Take our ends of the program's pipes."""
        to_program, output, errors = pipes.ours
        if to_program >= 0:
            self.streams.stdin.open(to_program)
        self.streams.open_output(output, STDOUT)
        self.streams.open_output(errors, STDERR)

    # -- hearing the child -------------------------------------------------------------------

    def _hear(self, _: int) -> None:
        while self.progress:
            try:
                packet, fds = packets.receive(self.progress)
            except BlockingIOError:
                return
            self._take_word(packet, fds)

    def _take_word(self, packet: bytes, fds: list[int]) -> None:
        word = packet[:1]
        if word == progress.CREATED:
            message = {"op": messages.CREATED, "pid": self.pid}
            self.control.broadcast(message, (self.pidfd,))
        elif word == progress.TERMINAL:
            self.streams.open_terminal(fds[0], *self.size)
        elif word == progress.READY:
            self.status = "created"
            self.control.broadcast({"op": messages.READY})
            self.built()
        elif word == progress.FAILED:
            self.fail(*stages.decode(packet))
        elif not word:
            self._progress_ended()
        else:
            self.take_special_word(packet)

    def _progress_ended(self) -> None:
        assert self.progress
        self.loop.forget(self.progress.fileno())
        self.progress.close()
        self.progress = None
        if self.status == "starting":
            self.note_start()
        elif self.status in {"creating", "created"}:
            # Killed from outside before it was to start.
            self.fail(stages.FORK, 0, "the container's first process was killed")
        self.end_if_over()

    def note_start(self) -> None:
        """The program runs: say so."""
        self.status = "running"
        self.started_at = clock.now()
        self.control.broadcast({"op": messages.STARTED, "at": self.started_at})
        self.started()

    def fail(self, stage: int, number: int, detail: str) -> None:
        """Note that the program will not run, and why."""
        self.fail_with(*stages.explain(stage, number, detail), stage, number)

    def fail_with(self, text: str, code: int, stage: int, number: int = 0) -> None:
        """Note it in these words; they are said once everything is cleaned up."""
        self.status = "failed"
        self._failure = {
            "op": messages.FAILED,
            "stage": stage,
            "errno": number,
            "message": text,
            "exit_code": code,
        }

    def give_up(self) -> None:
        """End what was begun, and leave."""
        if self.pid:
            self.kill()
            with suppress(ChildProcessError):
                os.waitpid(self.pid, 0)
        self._end_failed()
        self.loop.running = False

    def _end_failed(self) -> None:
        self.status = "gone"
        self.clean_up()
        self.streams.finish()
        # Who hears of it may remove the task's directory, and must find nobody at work there.
        self.control.stop_listening()
        if self._failure:
            self.control.broadcast(self._failure)

    # -- serving the daemon ------------------------------------------------------------------

    def _serve(self, message: "dict[str, Any]", fds: list[int]) -> None:
        op = message.get("op")
        if op == messages.ATTACH and fds:
            self.streams.attach(fds.pop(0), **attach_wishes(message))
        elif op == messages.START and self.status == "created":
            self.status = "starting"
            self.start()
        elif op == messages.SIGNAL:
            # ProcessLookupError: it has ended, and the news is on its way.
            with suppress(ProcessLookupError):
                pidfd_send_signal(self.pidfd, int(message["signal"]))
        elif op == messages.RESIZE:
            self._resize(int(message["rows"]), int(message["cols"]))
        elif op == messages.CLOSE:
            self.streams.stdin.close()
        for fd in fds:
            os.close(fd)

    def _resize(self, rows: int, cols: int) -> None:
        # Kept for a terminal that is still to be made.
        self.size = (rows, cols)
        with suppress(OSError):
            self.streams.resize(rows, cols)

    def _lost(self) -> None:
        """Before the program runs, a lost daemon is the end of the attempt."""
        if self.status in {"creating", "created", "starting"} and not self.control.connected:
            self.status = "failed"
            self.kill()

    def kill(self) -> None:
        """Kill the program's process."""
        if self.pidfd >= 0:
            with suppress(ProcessLookupError):
                pidfd_send_signal(self.pidfd, signal.SIGKILL)

    # -- the end -----------------------------------------------------------------------------

    def child_ended(self, _: int) -> None:
        """Reap the program's process, whose descriptor says that it has ended."""
        self.loop.forget(self.pidfd)
        self.take_status(os.waitpid(self.pid, 0)[1])

    def take_status(self, status: int) -> None:
        """Note how the program ended."""
        self._wait_status = status
        self.end_if_over()

    def end_if_over(self) -> None:
        """Book the end once the program is reaped and the progress socket was heard out."""
        if self._wait_status is None:
            return
        # Its last words (why it failed) may still be on the way; they are all there now.
        self._hear(0)
        if self.progress:
            return
        if self.status == "running":
            self.status = "stopping"
            self.clean_up()
            self.streams.drain()
            self.finish_if_drained()
        elif self.status == "failed":
            self._end_failed()
        self.leave_if_done()

    def finish_if_drained(self) -> None:
        """Book the end, unless output may still come."""
        if self.status != "stopping" or (self.streams.is_open and not self.may_finish()):
            return
        assert self._wait_status is not None
        self.status = "stopped"
        end = {
            "exit_code": record.exit_code(self._wait_status),
            "oom": False,
            "at": clock.now(),
        }
        self.ended(end)
        # The log first: who has heard of the end may read it to its last line.
        self.streams.finish()
        self.control.stop_listening()
        self.control.broadcast({"op": messages.EXITED, **end})

    def leave_if_done(self) -> None:
        """Leave when nobody needs us any more."""
        if self.status in {"stopped", "gone"} and not self.streams.has_readers:
            self.loop.running = False
