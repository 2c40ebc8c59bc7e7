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
import sys
from _socket import socket

# Run as a file, with -I: the way to the package is given, not searched for.
if __name__ == "__main__":
    sys.path.insert(0, sys.argv[2])

from sampan.linux import prctl
from sampan.runtime import messages, packets, rehearsal, seal
from sampan.runtime.monitor import birth, execution

MONITORS = {messages.CREATE: birth.main, messages.EXEC: execution.main}


class Launcher:
    """The loop of the zygote."""

    def __init__(self, daemon: socket) -> None:
        self._daemon = daemon
        self._spares: dict[str, socket] = {}
        self._children, self._wakeup = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)

    def run(self) -> None:
        """Serve until the daemon's end closes; monitors live on."""
        signal.set_wakeup_fd(self._wakeup, warn_on_full_buffer=False)
        poll = select.poll()
        poll.register(self._daemon.fileno(), select.POLLIN)
        poll.register(self._children, select.POLLIN)
        daemon = self._daemon.fileno()
        while True:
            # Jobs first: what is made ahead of need must not keep anybody waiting.
            ready = poll.poll(0) or self._make_spare() or poll.poll()
            for fd, _ in ready:
                if fd == self._children:
                    self._reap()
                elif fd == daemon and not self._serve():
                    return

    def _serve(self) -> bool:
        packet, fds = packets.receive(self._daemon)
        if not packet:
            return False
        op = packets.decode(packet)["op"]
        for _ in range(2):
            spare = self._spares.pop(op, None) or self._fork(op)
            try:
                packets.send(spare, packet, tuple(fds))
            except OSError:
                # Killed while it waited: the next one is made for this job.
                continue
            finally:
                spare.close()
            break
        packets.close_all(fds)
        return True

    def _make_spare(self) -> list[tuple[int, int]]:
        """Make one monitor ahead of need, if one is missing; nothing is ready after."""
        for op in MONITORS:
            if op not in self._spares:
                self._spares[op] = self._fork(op)
                break
        return []

    def _fork(self, op: str) -> socket:
        """Fork a monitor that waits for its job; return the end to give it through."""
        ours, theirs = packets.pair()
        pid = os.fork()
        if not pid:
            signal.set_wakeup_fd(-1)
            for fd in (self._daemon.fileno(), self._children, self._wakeup, ours.fileno()):
                os.close(fd)
            for spare in self._spares.values():
                os.close(spare.fileno())
            _run(op, theirs)
        theirs.close()
        return ours

    def _reap(self) -> None:
        os.read(self._children, 64)
        while True:
            try:
                pid, _ = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if not pid:
                return


def _run(op: str, jobs: socket) -> None:
    """Be a monitor; does not return."""
    status = 1
    try:
        MONITORS[op](jobs)
        status = 0
    except BaseException as error:  # noqa: BLE001 - the last place that can tell
        os.write(2, f"sampan: monitor: {type(error).__name__}: {error}\n".encode())
    finally:
        os._exit(status)


def settle() -> None:
    """Make this process fit to be forked from."""
    prctl.set_name("sampan: zygote")
    # Others of our uid, and containers that share a namespace with a child, must not trace us.
    prctl.set_dumpable(dumpable=False)
    seal.close_imports()
    gc.collect()
    # What exists now is never looked at by the collector again, so that its pages stay shared.
    gc.freeze()
    gc.disable()


def main(arguments: list[str]) -> None:
    """Run with the arguments of the command line."""
    daemon = packets.from_fd(int(arguments[0]))
    os.set_inheritable(daemon.fileno(), False)  # noqa: FBT003 - the library's own signature
    seal.set_signals()
    rehearsal.run()
    settle()
    Launcher(daemon).run()


if __name__ == "__main__":
    main(sys.argv[1:])
