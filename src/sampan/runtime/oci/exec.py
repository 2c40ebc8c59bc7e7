"""`exec`: a further program in a running container."""

import os
from _socket import socket
from typing import Any, NamedTuple

from sampan.errors import Conflict, StartFailed
from sampan.linux.flags import CLONE_NEWPID
from sampan.linux.namespaces import setns
from sampan.runtime import packets, progress, seal, stages
from sampan.runtime.exec import Execution, has_other_user_namespace
from sampan.runtime.oci import console
from sampan.runtime.oci.create import write_pid_file
from sampan.runtime.oci.state import Record
from sampan.runtime.oci.wait import pass_signals_to, reap
from sampan.runtime.program import Program
from sampan.runtime.task import read_file


class Wishes(NamedTuple):
    """What the command line says."""

    process: dict[str, Any]
    detach: bool = False
    console_socket: str = ""
    pid_file: str = ""


def execute(record: Record, wishes: Wishes) -> int:
    """Run the program; return its exit code, 0 at once when detached."""
    if record.status() != "running":
        raise Conflict(f"cannot exec in a container that is {record.status()}")
    with record.pidfd() as init:
        pid, sock = _fork(record, wishes, init)
    master = _attend(sock)
    if master >= 0 and wishes.console_socket:
        console.send_master(master, wishes.console_socket)
        os.close(master)
        master = -1
    sock.send(progress.GO)
    packet, _ = packets.receive(sock)
    sock.close()
    if packet:
        os.waitpid(pid, 0)
        raise StartFailed(*stages.explain(*stages.decode(packet)))
    if wishes.pid_file:
        write_pid_file(wishes.pid_file, pid)
    if wishes.detach:
        return 0
    if master >= 0:
        console.stand_in(master)
    return _stand_by(pid)


def _stand_by(pid: int) -> int:
    pidfd = os.pidfd_open(pid)
    try:
        pass_signals_to(pidfd)
        return reap(pid)
    finally:
        os.close(pidfd)


def _fork(record: Record, wishes: Wishes, init: int) -> tuple[int, socket]:
    file = record.document.get("seccomp")
    program = Program(wishes.process, filter_=read_file(file) if file else b"")
    program.die_with_parent = not wishes.detach
    execution = Execution(program, init)
    execution.standard = None if wishes.process.get("terminal") else (0, 1, 2)
    execution.user_namespace = has_other_user_namespace(init)
    execution.join_cgroup = record.cgroup.join_self
    setns(init, CLONE_NEWPID)
    ours, theirs = packets.pair()
    seal.set_signals()
    pid = os.fork()
    if not pid:
        seal.close_imports()
        progress.keep_only(theirs.fileno(), init)
        progress.run(theirs, execution.become)
    theirs.close()
    return pid, ours


def _attend(sock: socket) -> int:
    """Hear the child until it is ready; return its terminal's master, -1 for none."""
    master = -1
    while True:
        packet, fds = packets.receive(sock)
        word = packet[:1]
        if word == progress.TERMINAL:
            master = fds[0]
        elif word == progress.READY:
            return master
        elif word == progress.FAILED:
            raise StartFailed(*stages.explain(*stages.decode(packet)))
        elif not word:
            raise StartFailed("the program's first process was killed")
