"""A launcher of our own, a root of busybox, and containers in it, driven as the daemon does."""

import contextlib
import json
import os
import shutil
import socket
import struct
import uuid
from pathlib import Path
from typing import Any

from sampan.runtime import messages, spawn, wire

NAMESPACES = ("pid", "network", "ipc", "uts", "mount", "cgroup")
APPLETS = [
    "sh", "cat", "echo", "env", "false", "head", "hostname", "id", "kill", "ls", "mkdir",
    "mount", "printf", "ps", "pwd", "readlink", "sleep", "stty", "tail", "touch", "true",
    "tty", "wc", "yes", "dd", "grep", "cut", "test", "mknod", "chmod", "unshare", "ln", "rm",
    "sort", "seq",
]  # fmt: skip
MOUNTS: list[dict[str, Any]] = [
    {
        "destination": "/proc", "type": "proc", "source": "proc",
        "options": ["nosuid", "noexec", "nodev"],
    },
    {
        "destination": "/dev", "type": "tmpfs", "source": "tmpfs",
        "options": ["nosuid", "strictatime", "mode=755", "size=65536k"],
    },
    {
        "destination": "/dev/pts", "type": "devpts", "source": "devpts",
        "options": ["nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "gid=5"],
    },
    {
        "destination": "/sys", "type": "sysfs", "source": "sysfs",
        "options": ["nosuid", "noexec", "nodev", "ro"],
    },
]  # fmt: skip
TIMEOUT = 20.0


def make_root(path: Path) -> Path:
    """Make a root file system of Debian's busybox-static."""
    for name in ("bin", "proc", "dev", "sys", "tmp", "etc", "root"):
        (path / name).mkdir(parents=True)
    shutil.copy("/bin/busybox", path / "bin" / "busybox")
    for name in APPLETS:
        (path / "bin" / name).symlink_to("busybox")
    (path / "etc" / "passwd").write_text("root:x:0:0::/root:/bin/sh\nann:x:1000:1000::/home/ann:\n")
    return path


class Running:
    """One container or exec, and our end of its control socket."""

    def __init__(self, control: socket.socket, directory: Path) -> None:
        self.control = control
        self.directory = directory
        self.seen: list[dict[str, Any]] = []
        self.pid = 0
        self.pidfd = -1
        self._streams: list[socket.socket] = []

    def send(self, **message: Any) -> None:
        wire.send(self.control, message)

    def attach(self, *, stdin: bool = True) -> socket.socket:
        ours, theirs = socket.socketpair()
        ours.settimeout(TIMEOUT)
        message = {"op": messages.ATTACH, "stdin": stdin, "stdout": True, "stderr": True}
        wire.send(self.control, message, (theirs.fileno(),))
        theirs.close()
        self._streams.append(ours)
        return ours

    def wait(self, *ops: str) -> dict[str, Any]:
        """Take messages until one of ops; AssertionError when the monitor leaves before."""
        while True:
            received = wire.receive(self.control)
            assert received, f"the monitor left after {self.seen}"
            message, fds = received
            self.seen.append(message)
            if message["op"] in {messages.CREATED, messages.STATE} and fds:
                self.pid = message["pid"]
                self.pidfd = fds[0]
            if message["op"] in ops:
                return message
            assert message["op"] != messages.FAILED, message

    def start(self) -> None:
        self.wait(messages.READY)
        self.send(op=messages.START)
        self.wait(messages.STARTED)

    def close(self) -> None:
        self.control.close()
        for stream in self._streams:
            stream.close()
        if self.pidfd >= 0:
            os.close(self.pidfd)
            self.pidfd = -1


class Lab:
    """Launcher, root and directories of one test."""

    def __init__(self, base: Path) -> None:
        self.base = base
        self.root = make_root(base / "rootfs")
        self.process, self.socket = spawn.start_launcher()
        self._running: list[Running] = []

    def spec(self, *args: str, **process: Any) -> dict[str, Any]:
        return {
            "root": {"path": str(self.root)},
            "hostname": "box",
            "process": {
                "args": list(args),
                "cwd": "/",
                "env": ["PATH=/bin"],
                "user": {"uid": 0, "gid": 0},
                "capabilities": capabilities("CAP_CHOWN", "CAP_KILL", "CAP_SETUID", "CAP_SETGID"),
                **process,
            },
            "mounts": [dict(entry) for entry in MOUNTS],
            "linux": {"namespaces": [{"type": kind} for kind in NAMESPACES]},
        }

    def create(
        self, spec: dict[str, Any], *, prepare: tuple[str, ...] = (), **task: Any
    ) -> Running:
        name = uuid.uuid4().hex
        directory = self.base / "tasks" / name
        directory.mkdir(parents=True)
        for place in prepare:
            (directory / place).mkdir()
        (directory / "config.json").write_text(json.dumps(spec))
        (directory / "task.json").write_text(json.dumps({"id": name, **task}))
        return self._ask(messages.CREATE, directory)

    def execute(self, container: Running, *args: str, **process: Any) -> Running:
        name = uuid.uuid4().hex
        directory = container.directory / "exec" / name
        directory.mkdir(parents=True)
        document = {**self.spec(*args)["process"], "id": name, **process}
        (directory / "process.json").write_text(json.dumps(document))
        return self._ask(messages.EXEC, directory, container.pidfd)

    def _ask(self, op: str, directory: Path, *fds: int) -> Running:
        ours, theirs = wire.pair()
        ours.settimeout(TIMEOUT)
        wire.send(self.socket, {"op": op, "dir": str(directory)}, (theirs.fileno(), *fds))
        theirs.close()
        running = Running(ours, directory)
        self._running.append(running)
        return running

    def reconnect(self, running: Running) -> Running:
        sock = wire.connect(str(running.directory))
        sock.settimeout(TIMEOUT)
        again = Running(sock, running.directory)
        self._running.append(again)
        again.wait(messages.STATE)
        return again

    def run(self, spec: dict[str, Any], stdin: bytes = b"", **task: Any) -> tuple[int, str]:
        """Run to the end; return the exit code and what was said on both streams."""
        running = self.create(spec, open_stdin=bool(stdin), stdin_once=True, **task)
        stream = running.attach()
        return finish(running, stream, stdin, tty=bool(task.get("terminal")))

    def failure(self, spec: dict[str, Any], **task: Any) -> dict[str, Any]:
        """Start something that must not start; return the message that says so."""
        running = self.create(spec, **task)
        if running.wait(messages.READY, messages.FAILED)["op"] == messages.FAILED:
            return running.seen[-1]
        running.send(op=messages.START)
        return running.wait(messages.FAILED, messages.STARTED)

    def close(self) -> None:
        for running in self._running:
            if running.pidfd >= 0:
                with contextlib.suppress(OSError):
                    running.send(op=messages.SIGNAL, signal=9)
            running.close()
        self.socket.close()
        self.process.wait(TIMEOUT)


def finish(
    running: Running, stream: socket.socket, stdin: bytes = b"", *, tty: bool = False
) -> tuple[int, str]:
    """Start what was created, feed it, and take in what it says until it ends."""
    running.start()
    if stdin:
        stream.sendall(stdin)
        stream.shutdown(socket.SHUT_WR)
    output = read_all(stream)
    stream.close()
    code = running.wait(messages.EXITED)["exit_code"]
    return code, output.decode() if tty else "".join(text for _, text in frames(output))


def read_all(stream: socket.socket) -> bytes:
    parts = []
    while part := stream.recv(65536):
        parts.append(part)
    return b"".join(parts)


def read_until(stream: socket.socket, mark: bytes) -> bytes:
    seen = b""
    while mark not in seen:
        part = stream.recv(65536)
        assert part, f"the stream ended with {seen!r}"
        seen += part
    return seen


def frames(data: bytes) -> list[tuple[int, str]]:
    """Take Docker's stream format apart."""
    found = []
    while data:
        stream, length = struct.unpack(">BxxxL", data[:8])
        found.append((stream, data[8 : 8 + length].decode()))
        data = data[8 + length :]
    return found


def capabilities(*names: str) -> dict[str, list[str]]:
    return {kind: list(names) for kind in ("bounding", "effective", "permitted")}
