"""`create`: from a bundle to a container that waits to be started."""

import os
import sys
from _socket import AF_UNIX, SOCK_CLOEXEC, SOCK_SEQPACKET, socket
from contextlib import suppress
from typing import Any, NamedTuple

from sampan.base import clock
from sampan.cgroup.driver import Cgroup, detect
from sampan.errors import InvalidRequest, StartFailed
from sampan.linux.flags import CLONE_NEWPID
from sampan.linux.namespaces import setns, unshare
from sampan.runtime import entering, packets, progress, seal, stages
from sampan.runtime.oci import console, hooks
from sampan.runtime.oci.defaults import OCI_VERSION
from sampan.runtime.oci.init import BundleContainer
from sampan.runtime.oci.state import Record, process_status
from sampan.runtime.rootfs import mounts
from sampan.runtime.security.seccomp.compile import cached
from sampan.runtime.task import Task, read_json


class Wishes(NamedTuple):
    """What the command line says."""

    root: str
    id: str
    bundle: str
    console_socket: str = ""
    pid_file: str = ""
    no_pivot: bool = False
    no_new_keyring: bool = False
    debug: bool = False


class Created(NamedTuple):
    """A container that waits, and the master of its terminal when nobody else took it."""

    record: Record
    master: int


def create(wishes: Wishes) -> Created:
    """Create a container; StartFailed or another SampanError when it cannot be."""
    bundle = os.path.abspath(wishes.bundle)
    try:
        spec = read_json(f"{bundle}/config.json")
    except (OSError, ValueError) as error:
        raise InvalidRequest(f"cannot load {bundle}/config.json: {error}") from error
    _check(spec)
    record = Record(wishes.root, wishes.id)
    record.make()
    group = detect().group(cgroup_path(spec, wishes.id))
    try:
        return _create(wishes, bundle, spec, record, group)
    except BaseException:
        with suppress(OSError):
            group.kill()
            group.remove()
        record.remove()
        raise


def _check(spec: dict[str, Any]) -> None:
    for key in ("root", "process", "linux"):
        if not isinstance(spec.get(key), dict):
            raise InvalidRequest(f"config.json has no {key}")
    if not spec["process"].get("args"):
        raise InvalidRequest("config.json: process.args must not be empty")
    unknown = [each["type"] for each in entering.listed(spec)
               if each["type"] not in entering.NAMESPACES]  # fmt: skip
    if unknown:
        raise InvalidRequest(f"config.json: unknown namespace: {unknown[0]}")
    if not any(each["type"] == "mount" for each in entering.listed(spec)):
        raise InvalidRequest("config.json: a mount namespace of its own is required")


def cgroup_path(spec: dict[str, Any], container_id: str) -> str:
    """Place of the container below the top of each hierarchy."""
    path = str(spec["linux"].get("cgroupsPath") or f"/sampan-runtime/{container_id}")
    if path.count(":") == 2 and not path.startswith("/"):
        # How callers that use systemd write it; the same place, made directly.
        parent, prefix, name = path.split(":")
        return f"/{parent or 'system.slice'}/{prefix}-{name}.scope"
    return path


def _create(
    wishes: Wishes, bundle: str, spec: dict[str, Any], record: Record, group: Cgroup
) -> Created:
    linux = spec["linux"]
    if wishes.debug:
        for step in mounts.plan(spec.get("mounts") or ()):
            sys.stderr.write(f"{step.describe()}\n")
    filter_ = cached(linux["seccomp"], record.directory) if linux.get("seccomp") else ""
    document = {
        "id": wishes.id,
        "terminal": bool(spec["process"].get("terminal")),
        "open_stdin": True,
        "cgroup": group.to_dict(),
        "seccomp": filter_,
        "detached": True,
        "no_pivot": wishes.no_pivot,
        "no_keyring": wishes.no_new_keyring,
    }
    record.document = {
        "bundle": bundle,
        "rootfs": os.path.join(bundle, spec["root"]["path"]),
        "created": clock.now(),
        "annotations": spec.get("annotations") or {},
        "cgroup": group.to_dict(),
        "seccomp": filter_,
    }
    state = {
        "ociVersion": OCI_VERSION,
        "id": wishes.id,
        "status": "creating",
        "bundle": bundle,
        "annotations": record.document["annotations"],
    }
    listener = _listen(record)
    container = BundleContainer(Task(document, bundle), listener, state)
    pid, sock = _fork(container, listener)
    listener.close()
    birth = Birth(pid, sock, spec, state)
    try:
        birth.attend()
        record.save(pid=pid, started=process_status(pid))
        master = _give_away(birth.master, wishes.console_socket)
        if wishes.pid_file:
            write_pid_file(wishes.pid_file, pid)
    except BaseException:
        birth.end()
        raise
    return Created(record, master)


def _listen(record: Record) -> socket:
    listener = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC)
    fd = os.open(record.directory, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        # sun_path holds 108 bytes; the way through the link is always short (unix(7)).
        listener.bind(f"/proc/self/fd/{fd}/{os.path.basename(record.start_socket)}")
    finally:
        os.close(fd)
    listener.listen(1)
    return listener


def _fork(container: BundleContainer, listener: socket) -> tuple[int, socket]:
    other = entering.other_pid_namespace(container.spec)
    back = os.open("/proc/self/ns/pid", os.O_RDONLY | os.O_CLOEXEC)
    try:
        if other is None:
            unshare(CLONE_NEWPID)
        elif other:
            fd = os.open(other, os.O_RDONLY | os.O_CLOEXEC)
            setns(fd, CLONE_NEWPID)
            os.close(fd)
        ours, theirs = packets.pair()
        seal.set_signals()
        pid = os.fork()
        if not pid:
            seal.close_imports()
            progress.keep_only(theirs.fileno(), listener.fileno())
            progress.run(theirs, container.become)
        theirs.close()
        # Hooks belong to the host.
        setns(back, CLONE_NEWPID)
    finally:
        os.close(back)
    return pid, ours


class Birth:
    """Our side of the child's progress."""

    def __init__(self, pid: int, sock: socket, spec: dict[str, Any], state: dict[str, Any]) -> None:
        self.pid = pid
        self.master = -1
        self._sock = sock
        self._hooks = spec.get("hooks") or {}
        self._state = state

    def attend(self) -> None:
        """Hear the child until it waits to be started; StartFailed when it does not get there."""
        while True:
            packet, fds = packets.receive(self._sock)
            word = packet[:1]
            if word == progress.CREATED:
                self._run_hooks()
                self._sock.send(progress.GO)
            elif word == progress.TERMINAL:
                self.master = fds[0]
            elif word == progress.READY:
                self._sock.close()
                return
            elif word == progress.FAILED:
                raise StartFailed(*stages.explain(*stages.decode(packet)))
            else:
                raise StartFailed("the container's first process was killed")

    def _run_hooks(self) -> None:
        state = {**self._state, "pid": self.pid}
        try:
            for turn in ("prestart", "createRuntime"):
                hooks.run(self._hooks.get(turn), state)
        except OSError as error:
            text, code = stages.explain(stages.HOOK, 0, f"{error.filename}: {error.strerror}")
            raise StartFailed(text, code) from error

    def end(self) -> None:
        """Give up: kill the child and reap it."""
        self._sock.close()
        with suppress(ProcessLookupError):
            os.kill(self.pid, 9)
        with suppress(ChildProcessError):
            os.waitpid(self.pid, 0)


def _give_away(master: int, console_socket: str) -> int:
    """Hand the terminal to who asked for it; return it when nobody did."""
    if master < 0 or not console_socket:
        return master
    console.send_master(master, console_socket)
    os.close(master)
    return -1


def write_pid_file(path: str, pid: int) -> None:
    """Write a pid file, whole or not at all."""
    aside = f"{os.path.dirname(os.path.abspath(path))}/.{os.path.basename(path)}"
    with open(aside, "w", encoding="ascii") as file:
        file.write(str(pid))
    os.rename(aside, path)
