"""The monitor of a container that another OCI runtime makes (`--runtime runc`).

    runc create -> [created] [ready] -> start -> runc start -> [started] -> ... -> runc delete

The root is mounted by us, in a mount namespace of our own, so that nothing is left on the
host when we go; the runtime finds a ready bundle. The container's first process is orphaned
when `create` returns and becomes our child, because we are the subreaper.
"""

import os
from _socket import AF_UNIX, SCM_RIGHTS, SOCK_CLOEXEC, SOCK_STREAM, SOL_SOCKET, socket
from contextlib import suppress

from sampan.cgroup.driver import from_dict
from sampan.linux.flags import CLONE_NEWNS
from sampan.linux.namespaces import unshare
from sampan.linux.pidfd import pidfd_open
from sampan.runtime import messages, packets, stages
from sampan.runtime.monitor.container import ContainerMonitor
from sampan.runtime.rootfs import root
from sampan.runtime.stdio import Pipes, standard_fds
from sampan.runtime.task import Task, read_file, read_json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

CONSOLE = "console.sock"
LOG = "runtime.log"
PID = "init.pid"
STATE = "runtime"

# Where runtimes are looked for; what the daemon was started with is not asked.
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


class ExternalMonitor(ContainerMonitor):
    """The process that stands by one container of another runtime."""

    def create(self) -> None:
        """Mount the root and let the runtime create the container."""
        task = self.task = Task.read(self.directory)
        self.adopt_orphans()
        self.open_streams(task)
        unshare(CLONE_NEWNS)
        root.part_from_host("")
        if task.rootfs:
            path = os.path.join(self.directory, read_json(self._config)["root"]["path"])
            os.close(root.mount_root(path, task.rootfs, "").fd)
        options = ["--bundle", self.directory, "--pid-file", f"{self.directory}/{PID}"]
        failed = self._create_on_terminal(options) if task.terminal else self._create(options)
        if failed:
            self._say_why()
            self.give_up()
            return
        self.pid = int(read_file(f"{self.directory}/{PID}"))
        self.pidfd = pidfd_open(self.pid)
        self.loop.watch(self.pidfd, 1, self.child_ended)
        self.control.listen(self.directory)
        self.status = "created"
        self.control.broadcast({"op": messages.CREATED, "pid": self.pid}, (self.pidfd,))
        self.control.broadcast({"op": messages.READY})

    @property
    def _config(self) -> str:
        return f"{self.directory}/config.json"

    def _create(self, options: list[str]) -> int:
        assert self.task
        pipes = self.pipes = Pipes()
        fds = standard_fds(pipes.theirs, stdin=self.task.open_stdin)
        status = self._call("create", *options, standard=fds)
        pipes.close_theirs()
        if not self.task.open_stdin:
            os.close(fds[0])
        self.use_pipes(self.task)
        return status

    def _create_on_terminal(self, options: list[str]) -> int:
        directory = os.open(self.directory, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
        # sun_path holds 108 bytes; the way through the link is always short (unix(7)).
        path = f"/proc/{os.getpid()}/fd/{directory}/{CONSOLE}"
        listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC)
        listener.bind(path)
        listener.listen(1)
        listener.settimeout(0)
        status = self._call("create", *options, "--console-socket", path)
        with suppress(BlockingIOError):
            fd, _ = listener._accept()  # type: ignore[attr-defined]  # noqa: SLF001
            self.streams.open_terminal(_receive_fd(fd), *self.size)
        listener.close()
        os.unlink(path)
        os.close(directory)
        return status

    def start(self) -> None:
        """Let the runtime start it."""
        if self._call("start"):
            self._say_why()
            self.kill()
        else:
            self.note_start()
            self.end_if_over()

    def clean_up(self) -> None:
        """Let the runtime forget it; what it leaves of the control group goes as well."""
        assert self.task
        group = from_dict(self.task.cgroup) if self.task.cgroup else None
        if group:
            with suppress(OSError):
                self.oom = group.oom_kills() > 0
        self._call("delete", "--force")
        if group:
            with suppress(OSError):
                group.kill()
                group.remove()

    def _call(self, verb: str, *options: str, standard: tuple[int, int, int] | None = None) -> int:
        """Run the runtime's command to its end; return its wait status."""
        assert self.task
        command = self.task.runtime.split()
        log = ["--log", f"{self.directory}/{LOG}", "--log-format", "json"]
        state = ["--root", f"{self.directory}/{STATE}"]
        arguments = [*command, *state, *log, verb, *options, self.task.id]
        pid = os.fork()
        if not pid:
            try:
                _become(arguments, standard)
            finally:
                os._exit(127)
        return os.waitpid(pid, 0)[1]

    def _say_why(self) -> None:
        """Tell the daemon in the runtime's own words, which it leaves in its log."""
        text = "the OCI runtime failed without a word"
        with suppress(OSError):
            for line in read_file(f"{self.directory}/{LOG}").splitlines():
                with suppress(ValueError):
                    entry: dict[str, Any] = packets.decode(line)
                    text = str(entry.get("msg") or text)
        self.fail_with(text, stages.exit_code(text), stages.RUNTIME)


def _become(arguments: list[str], standard: tuple[int, int, int] | None) -> None:
    null = os.open("/dev/null", os.O_RDWR | os.O_CLOEXEC)
    for number, fd in enumerate(standard or (null, null, null)):
        os.dup2(fd, number, inheritable=True)
    command = arguments[0]
    # Not os.execvpe: it imports a module at the first use, and imports are closed by now.
    for directory in [""] if "/" in command else PATH.split(":"):
        with suppress(FileNotFoundError):
            os.execve(os.path.join(directory, command), arguments, {"PATH": PATH})


def _receive_fd(connection: int) -> int:
    """Take the master that the runtime sends (runc, docs/terminals.md)."""
    sock = socket(AF_UNIX, SOCK_STREAM, 0, fileno=connection)
    _, ancillary, _, _ = sock.recvmsg(4096, packets.SPACE)
    sock.close()
    for level, kind, data in ancillary:
        if level == SOL_SOCKET and kind == SCM_RIGHTS:
            master: int = packets.FD.unpack(data[: packets.FD.size])[0]
            os.set_inheritable(master, False)  # noqa: FBT003 - the library's own signature
            return master
    raise OSError(5, "the OCI runtime sent no terminal", CONSOLE)
