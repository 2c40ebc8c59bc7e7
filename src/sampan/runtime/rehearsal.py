"""Going through the motions in the zygote, so that its forks find everything warm.

The first times something runs, Python writes: it fills caches of attributes and constants
and rewrites bytecode into faster kinds (PEP 659). In a fork each such write costs a page of
its own and the fault that copies it, 4 us here. Done once before the first fork, it is
shared by all: 0.45 MB less in every monitor and some milliseconds less in every start.

Nothing here makes a container: the monitor is real, its child only says the words, and of
the child's work only what changes nothing is done.
"""

import os
from _socket import AF_UNIX, SOCK_CLOEXEC, SOCK_STREAM, socket, socketpair

from sampan.runtime import messages, packets, progress, warmup
from sampan.runtime.monitor.container import BLANK, ContainerMonitor
from sampan.runtime.stdio import Pipes

# Bytecode is rewritten after eight calls, caches settle a little later.
TIMES = 12


class Rehearsal(ContainerMonitor):
    """A monitor whose child only says the words."""

    daemon: socket

    def prepare(self) -> None:
        """Fork the child, in no new namespace and no session of its own."""
        self.pipes = Pipes()
        self.fork(_say_the_words, *self.pipes.theirs)
        self.pipes.close_theirs()
        self._warm_up()

    def built(self) -> None:
        """Be the daemon, too."""
        packets.send(self.daemon, packets.encode({"op": messages.START}))


def _say_the_words(at: progress.Progress) -> None:
    at.sock.recv(messages.MAX_PACKET)
    at.tell(progress.CREATED)
    at.ask(progress.READY)
    os._exit(0)


def run() -> None:
    """Go through the motions often enough."""
    # Not tempfile: it brings the random module, which does work in every fork.
    directory = f"/tmp/sampan-rehearsal-{os.urandom(8).hex()}"
    os.mkdir(directory, 0o700)
    try:
        path = f"{directory}/task.json"
        fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        os.write(fd, packets.encode(BLANK))
        os.close(fd)
        for _ in range(TIMES):
            _monitor(directory)
            warmup.go()
    finally:
        for name in os.listdir(directory):
            os.unlink(f"{directory}/{name}")
        os.rmdir(directory)


def _monitor(directory: str) -> None:
    daemon, control = packets.pair()
    stream, theirs = socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC)
    attach = {"op": messages.ATTACH, "stdin": True, "stdout": True, "stderr": True}
    packets.send(daemon, packets.encode(attach), (theirs.fileno(),))
    theirs.close()
    monitor = Rehearsal()
    monitor.prepare()
    monitor.directory = directory
    monitor.daemon = daemon
    monitor.give_job()
    monitor.run(control)
    daemon.close()
    stream.close()
