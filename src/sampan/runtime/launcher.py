"""The zygote: a small single-threaded process that forks a monitor per container and per exec.

    python -I -S -X utf8 <this file> <socket fd> <source root>

A fresh interpreter per container costs 25 ms and 10 MB; forking this one, warm and frozen,
1 ms and under 1 MB. It decides nothing: it takes `create` and `exec` (sampan.runtime.messages)
from its socket and hands each to a fork. One fork is made ahead of need, because that
millisecond is spent while nobody waits.

Everything a monitor or a container's first process may need is imported here, before the
first fork: after pivot_root an import would load the container's files.
"""

import gc
import os
import select
import signal
import socket
import sys

# Run as a file, with -I: the way to the package is given, not searched for.
if __name__ == "__main__":
    sys.path.insert(0, sys.argv[2])

from sampan.linux import prctl
from sampan.runtime import messages, wire
from sampan.runtime.monitor import container, execution


class Launcher:
    """The loop of the zygote."""

    def __init__(self, daemon: socket.socket) -> None:
        self._daemon = daemon
        self._spare: socket.socket | None = None

    def run(self) -> None:
        """Serve until the daemon's end closes; monitors live on."""
        poll = select.poll()
        poll.register(self._daemon, select.POLLIN)
        while True:
            if not self._spare and not poll.poll(0):
                self._spare = self._fork_spare()
            packet, fds = wire.receive_bytes(self._daemon)
            if not packet:
                return
            self._hand_over(packet, fds)
            for fd in fds:
                os.close(fd)

    def _hand_over(self, packet: bytes, fds: list[int]) -> None:
        for _ in range(2):
            spare = self._spare or self._fork_spare()
            self._spare = None
            try:
                socket.send_fds(spare, [packet], fds)
            except OSError:
                # Killed while it waited: the next one is made for this job.
                continue
            finally:
                spare.close()
            return

    def _fork_spare(self) -> socket.socket:
        """Fork a monitor that waits for its job; return the end to give it through."""
        ours, theirs = wire.pair()
        pid = os.fork()
        if not pid:
            self._daemon.close()
            ours.close()
            status = 1
            try:
                _take_job(theirs)
                status = 0
            except BaseException as error:  # noqa: BLE001 - the last place that can tell
                os.write(2, f"sampan: monitor: {type(error).__name__}: {error}\n".encode())
            finally:
                os._exit(status)
        theirs.close()
        return ours


def _take_job(sock: socket.socket) -> None:
    """Wait for a job and do it; the end of the socket means that there will be none."""
    received = wire.receive(sock)
    sock.close()
    if received is None:
        return
    # The launcher ignores SIGCHLD, a monitor lives by it.
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    message, fds = received
    if message["op"] == messages.CREATE:
        container.main(socket.socket(fileno=fds[0]), message["dir"])
    elif message["op"] == messages.EXEC:
        execution.main(socket.socket(fileno=fds[0]), message["dir"], fds[1])


def settle() -> None:
    """Make this process fit to be forked from."""
    prctl.set_name("sampan: zygote")
    # Others of our uid, and containers that share a namespace with a child, must not trace us.
    prctl.set_dumpable(dumpable=False)
    for number in signal.valid_signals():
        if number not in {signal.SIGKILL, signal.SIGSTOP, signal.SIGPIPE, signal.SIGXFSZ}:
            signal.signal(number, signal.SIG_DFL)
    # Monitors are not waited for: the kernel reaps them.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # After this an import fails instead of loading something from a container.
    sys.path.clear()
    sys.path_hooks.clear()
    sys.path_importer_cache.clear()
    sys.meta_path.clear()
    gc.collect()
    # What exists now is never looked at by the collector again, so that its pages stay shared.
    gc.freeze()
    gc.disable()


def main(arguments: list[str]) -> None:
    """Run with the arguments of the command line."""
    daemon = socket.socket(fileno=int(arguments[0]))
    os.set_inheritable(daemon.fileno(), False)  # noqa: FBT003 - the library's own signature
    settle()
    Launcher(daemon).run()


if __name__ == "__main__":
    main(sys.argv[1:])
