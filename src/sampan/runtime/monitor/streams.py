"""Everything that flows between a program and the world: log, readers, standard input.

Shared by container and exec monitors. Knows descriptors; who made them is another's business.
"""

import errno
import fcntl
import os
import time
from contextlib import suppress

from sampan.linux import pty
from sampan.runtime.monitor.loop import READ, Loop
from sampan.runtime.monitor.reader import Reader
from sampan.runtime.monitor.stdin import Stdin

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from sampan.logs.driver import Writer

CHUNK = 262144
# A fast writer and we would wake each other for every few kilobytes. Once this much has come
# within a window, the pipe is made large and left to fill for a moment: five times the speed
# (measured), and a program that writes less never notices.
FAST = 262144
WINDOW = 0.005
NAP = 0.001
PIPE = 1 << 20
# How long the container waits for a reader that does not read, before disk takes over.
PATIENCE = 1.0

STDOUT = 1
STDERR = 2


class Streams:
    """The three standard streams of one program."""

    __slots__ = (
        "_flow", "_loop", "_master", "_napping", "_outputs", "_paused", "_peer", "_readers",
        "_since", "_spool_directory", "_stdin_once", "_tty", "_writer", "on_drained", "on_end",
        "stdin",
    )  # fmt: skip

    def __init__(
        self, loop: Loop, writer: "Writer | None", *, tty: bool, stdin_once: bool, spool: str
    ) -> None:
        self._loop = loop
        self._writer = writer
        self._tty = tty
        self._stdin_once = stdin_once
        self._spool_directory = spool
        self._readers: list[Reader] = []
        self._outputs: dict[int, int] = {}
        self._paused = False
        self._napping = False
        self._flow = 0
        self._since = 0.0
        self._master = -1
        self._peer = -1
        self.stdin = Stdin(loop)
        self.stdin.on_room = self._watch_inputs
        # Called when a reader has gone.
        self.on_drained: Callable[[], None] | None = None
        # Called when the program can say nothing any more.
        self.on_end: Callable[[], None] | None = None

    @property
    def has_readers(self) -> bool:
        """Whether anybody still has to be given something."""
        return bool(self._readers)

    @property
    def is_open(self) -> bool:
        """Whether the program can still say something."""
        return bool(self._outputs)

    def open_output(self, fd: int, stream: int) -> None:
        """Take the descriptor that the program's output comes from."""
        os.set_blocking(fd, False)  # noqa: FBT003 - the library's own signature
        self._outputs[fd] = stream
        self._watch_output(fd)

    def open_terminal(self, master: int, rows: int, cols: int) -> None:
        """Take a terminal's master, for both directions."""
        if rows and cols:
            pty.set_size(master, rows, cols)
        self._master = master
        # Held open, so that a program may close its terminal and open it again: without any
        # slave the master reads EIO.
        self._peer, _ = pty.open_pair(master)
        self.stdin.open(os.dup(master))
        self.open_output(master, STDOUT)

    def resize(self, rows: int, cols: int) -> None:
        """Change the terminal's size, when there is one."""
        if self._master >= 0:
            pty.set_size(self._master, rows, cols)

    def attach(self, fd: int, *, stdin: bool, stdout: bool, stderr: bool) -> None:
        """Serve a client's stream socket."""
        streams = frozenset(({STDOUT} if stdout else set()) | ({STDERR} if stderr else set()))
        reader = Reader(self._loop, fd, streams, tty=self._tty, directory=self._spool_directory)
        reader.on_change = self._resume
        reader.on_gone = self._gone
        reader.on_input = self._input if stdin else None
        self._readers.append(reader)
        reader.watch_input(wanted=stdin)

    def _input(self, reader: Reader, data: bytes) -> None:
        if data:
            self.stdin.put(data)
            if self.stdin.full:
                self._watch_inputs()
            return
        reader.on_input = None
        # A terminal has no end of input but ^D, which is a byte like others.
        if self._stdin_once and not self._tty:
            self.stdin.close()

    def _watch_inputs(self) -> None:
        for reader in self._readers:
            if reader.on_input:
                reader.watch_input(wanted=not self.stdin.full)

    def _watch_output(self, fd: int) -> None:
        self._loop.watch(fd, READ, lambda _: self._read(fd))

    def _read(self, fd: int) -> None:
        try:
            data = os.read(fd, CHUNK)
        except BlockingIOError:
            return
        except OSError as error:
            # How a terminal says that nobody has it open any more.
            if error.errno != errno.EIO:
                raise
            data = b""
        if data:
            self._pass_on(self._outputs[fd], data)
            self._measure(len(data))
        else:
            self._close_output(fd)

    def _measure(self, size: int) -> None:
        """Note how much comes, and take a nap when it comes fast."""
        now = time.monotonic()
        if now - self._since > WINDOW:
            self._since = now
            self._flow = 0
        self._flow += size
        # A full chunk: there is more in the pipe already.
        if self._flow < FAST or size == CHUNK or self._tty or self._napping:
            return
        self._napping = True
        for fd in self._outputs:
            self._loop.forget(fd)
            # EPERM: the user's pipes are many already; then as it is.
            with suppress(OSError):
                fcntl.fcntl(fd, fcntl.F_SETPIPE_SZ, PIPE)
        self._loop.call_at(now + NAP, self._wake)

    def _wake(self) -> None:
        self._napping = False
        self._flow = 0
        self._resume()

    def _pass_on(self, stream: int, data: bytes) -> None:
        if self._writer:
            self._writer.write(stream, data)
        for reader in list(self._readers):
            reader.feed(stream, data)
        if any(reader.behind for reader in self._readers):
            self._pause()

    def _pause(self) -> None:
        """Let the container wait for its readers, but not for long."""
        if self._paused:
            return
        self._paused = True
        for fd in self._outputs:
            self._loop.forget(fd)
        self._loop.call_at(time.monotonic() + PATIENCE, self._lose_patience)

    def _lose_patience(self) -> None:
        if not self._paused:
            return
        for reader in self._readers:
            if reader.behind:
                reader.spool()
        self._resume()

    def _resume(self) -> None:
        if self._napping or any(reader.behind for reader in self._readers):
            return
        self._paused = False
        for fd in self._outputs:
            self._watch_output(fd)

    def _gone(self, reader: Reader) -> None:
        self._readers.remove(reader)
        # Its departure is the end of its input, too.
        if reader.on_input:
            self._input(reader, b"")
        self._resume()
        if self.on_drained:
            self.on_drained()

    def drain(self) -> None:
        """Read what the program left behind; its end has come, more will not."""
        for fd in list(self._outputs):
            while fd in self._outputs and self._drain_one(fd):
                pass

    def _drain_one(self, fd: int) -> bool:
        try:
            data = os.read(fd, CHUNK)
        except OSError:
            return False
        if not data:
            self._close_output(fd)
            return False
        stream = self._outputs[fd]
        for reader in self._readers:
            if reader.behind:
                # A pipe's worth at most: memory is no concern, and the loop must not wait.
                reader.spool()
        if self._writer:
            self._writer.write(stream, data)
        for reader in list(self._readers):
            reader.feed(stream, data)
        return True

    def _close_output(self, fd: int) -> None:
        self._loop.forget(fd)
        del self._outputs[fd]
        os.close(fd)
        if fd == self._master:
            self._master = -1
        if not self._outputs and self.on_end:
            self.on_end()

    def close_outputs(self) -> None:
        """Let go of where the program's output comes from."""
        for fd in list(self._outputs):
            self._close_output(fd)

    def finish(self) -> None:
        """The program has ended: write the log's rest, let readers go once they have all."""
        self.on_end = None
        self.stdin.shut()
        self.close_outputs()
        if self._peer >= 0:
            os.close(self._peer)
            self._peer = -1
        if self._writer:
            self._writer.close()
            self._writer = None
        for reader in list(self._readers):
            reader.finish()
