"""The child that becomes a container's first process: namespaces, root, program.

Forked by a monitor, usually before there is a container for it. See progress.py for what
the two say to each other.
"""

import os
import stat
from _socket import sethostname
from contextlib import suppress

from sampan.cgroup.driver import from_dict
from sampan.linux import mounts, pty
from sampan.linux.flags import CLONE_NEWIPC, CLONE_NEWNET, CLONE_NEWUTS
from sampan.linux.namespaces import unshare
from sampan.linux.process import setdomainname
from sampan.runtime import entering, messages, packets, progress, seal, stages, warmup
from sampan.runtime.program import Program
from sampan.runtime.rootfs import cgroups, devices, execute, paths, root, sysctl
from sampan.runtime.rootfs import mounts as plans
from sampan.runtime.rootfs.tree import Tree
from sampan.runtime.stdio import standard_fds
from sampan.runtime.task import Task, read_file

# Where the program of --init is shown inside, as Docker does.
INIT_PATH = "/sbin/docker-init"
# Made ahead of need, because almost every container wants them new.
AHEAD = CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS


class Ahead:
    """A child that waits for its container, in a new pid namespace and some others."""

    __slots__ = ("pipes",)

    def __init__(self, pipes: tuple[int, int, int]) -> None:
        self.pipes = pipes

    def become(self, at: progress.Progress) -> None:
        """Wait for a job and do it."""
        seal.become_harmless("sampan: init")
        host = entering.Host(AHEAD)
        at.at(stages.NAMESPACES, "")
        unshare(AHEAD)
        warmup.go()
        job = at.sock.recv(messages.MAX_PACKET)
        if not job:
            return
        task = Task.read(os.fsdecode(job[1:]))
        if task.runtime:
            # Another runtime makes this one.
            return
        container = Container(task, self.pipes, host)
        other = entering.other_pid_namespace(container.spec)
        if other is None:
            container.become(at)
        else:
            at.tell(progress.OTHER + os.fsencode(other))


class Container:
    """What the child knows of the container it is to become."""

    def __init__(
        self, task: Task, pipes: tuple[int, int, int], host: entering.Host | None = None
    ) -> None:
        self.spec = task.read_spec()
        self.task = task
        self._pipes = pipes
        self._host = host
        self._group = from_dict(task.cgroup) if task.cgroup else None

    def become(self, at: progress.Progress) -> None:
        """Turn this process into the container's program; returns by raising only."""
        if not self._host:
            seal.become_harmless("sampan: init", die_with_parent=not self.task.detached)
        at.at(stages.CGROUP, "")
        if self._group:
            self._group.create((self.spec.get("linux") or {}).get("resources") or {})
            self._group.join_self()
        outside = entering.Outside(self._host)
        entering.enter(self.spec, at, self._host)
        self.tell_created(at)
        program = self._program()
        program.prepare(at.at)
        self._check_sysctls(at, outside)
        tree = self._build_root(at)
        self._set_names(at)
        self.root_built(at)
        at.at(stages.PIVOT, "")
        if self.task.no_pivot:
            root.change_root(tree)
        else:
            root.pivot(tree)
        os.close(tree.fd)
        program.settle(at.at)
        self.wait_for_start(at)
        program.run(at.at)

    def tell_created(self, at: progress.Progress) -> None:
        """The namespaces exist; others may begin to work in them."""
        at.tell(progress.CREATED)

    def root_built(self, at: progress.Progress) -> None:
        """Everything is mounted, and the host's files are still in reach."""

    def wait_for_start(self, at: progress.Progress) -> None:
        """Return when the program is to run."""
        at.ask(progress.READY)

    def _program(self) -> Program:
        program = Program(
            self.spec["process"],
            filter_=read_file(self.task.seccomp) if self.task.seccomp else b"",
            keyring="" if self.task.no_keyring else f"_ses.{self.task.id}",
        )
        program.die_with_parent = not self.task.detached
        if self.task.init:
            program.args = [INIT_PATH, "--", *program.args]
        return program

    def _build_root(self, at: progress.Progress) -> Tree:
        spec = self.spec
        linux = spec.get("linux") or {}
        at.at(stages.ROOTFS, "")
        propagation = linux.get("rootfsPropagation") or ""
        root.part_from_host(propagation)
        path = os.path.join(self.task.directory, spec["root"]["path"])
        tree = root.mount_root(path, self.task.rootfs, propagation)
        os.umask(0)
        steps = plans.plan(spec.get("mounts") or ())
        self._mount_all(tree, steps, at)
        if not any(step.is_bind and step.target.rstrip("/") == "/dev" for step in steps):
            self._make_devices(tree, at)
        self._open_standard_streams(tree, at)
        at.at(stages.CWD, self.spec["process"].get("cwd") or "/")
        os.close(tree.make_directory(at.detail))
        self._write_sysctls(at)
        for step in steps:
            execute.seal(tree, step)
        self._protect(tree, at)
        return tree

    def _mount_all(self, tree: Tree, steps: list[plans.Mount], at: progress.Progress) -> None:
        for step in steps:
            at.at(stages.MOUNTS, f'"{step.source}" to rootfs at "{step.target}"')
            if step.fstype == "cgroup":
                paths_ = self._group.paths() if self._group else {}
                cgroups.mount(tree, step, paths_, own_namespace=self._has("cgroup"))
            else:
                execute.mount(tree, step)
        if self.task.init:
            at.at(stages.MOUNTS, f'"{self.task.init}" to rootfs at "{INIT_PATH}"')
            entry = {"destination": INIT_PATH, "source": self.task.init, "options": ["bind", "ro"]}
            execute.mount(tree, plans.plan_one(entry))

    def _make_devices(self, tree: Tree, at: progress.Progress) -> None:
        linux = self.spec.get("linux") or {}
        for device in devices.plan(linux.get("devices") or ()):
            at.at(stages.DEVICES, device.path)
            devices.make(tree, device, bind=self._has("user"))
        at.at(stages.DEVICES, "links in /dev")
        devices.link(tree)

    def _open_standard_streams(self, tree: Tree, at: progress.Progress) -> None:
        at.at(stages.CONSOLE, "")
        if self.task.terminal:
            slave, master = open_terminal(tree)
            packets.send(at.sock, progress.TERMINAL, (master,))
            os.close(master)
            take_streams((slave, slave, slave))
            pty.make_controlling(0)
            show_console(tree)
        else:
            take_streams(standard_fds(self._pipes, stdin=self.task.open_stdin))

    def _check_sysctls(self, at: progress.Progress, outside: entering.Outside) -> None:
        """Refuse settings that are the host's: judged by where we are, not by what was said."""
        for name in (self.spec.get("linux") or {}).get("sysctl") or ():
            at.at(stages.SYSCTL, name)
            sysctl.check(name, outside.is_left)

    def _write_sysctls(self, at: progress.Progress) -> None:
        wanted = (self.spec.get("linux") or {}).get("sysctl")
        if not wanted:
            return
        at.at(stages.SYSCTL, "")
        proc = sysctl.open_proc()
        try:
            for name, value in wanted.items():
                at.at(stages.SYSCTL, name)
                sysctl.write(proc, name, value)
        finally:
            os.close(proc)

    def _protect(self, tree: Tree, at: progress.Progress) -> None:
        linux = self.spec.get("linux") or {}
        for path in linux.get("readonlyPaths") or ():
            at.at(stages.PATHS, path)
            paths.make_read_only(tree, path)
        masks = paths.Masks(tree)
        for path in linux.get("maskedPaths") or ():
            at.at(stages.PATHS, path)
            masks.cover(path)
        masks.close()
        if self.spec["root"].get("readonly"):
            at.at(stages.ROOTFS, "read-only")
            root.make_read_only(tree)

    def _set_names(self, at: progress.Progress) -> None:
        at.at(stages.HOSTNAME, "")
        if not self._has("uts"):
            return
        if self.spec.get("hostname"):
            sethostname(self.spec["hostname"])
        if self.spec.get("domainname"):
            setdomainname(self.spec["domainname"])

    def _has(self, kind: str) -> bool:
        """Whether the spec lists a namespace of this kind."""
        return any(entry["type"] == kind for entry in entering.listed(self.spec))


def show_console(tree: Tree) -> None:
    """Show the terminal, which is our standard input, as /dev/console.

    Never through a link: one from the image or a volume would put the terminal over something
    else, before that is masked (CVE-2025-52565). What else is there stays: it may be the host's.
    """
    directory = tree.make_directory("/dev")
    try:
        with suppress(FileNotFoundError):
            if stat.S_ISLNK(os.stat("console", dir_fd=directory, follow_symlinks=False).st_mode):
                os.unlink("console", dir_fd=directory)
        with suppress(FileExistsError):
            flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC
            os.close(os.open("console", flags, 0o600, dir_fd=directory))
        target = os.open("console", os.O_PATH | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=directory)
    finally:
        os.close(directory)
    console = mounts.open_tree(0, "")
    mounts.move_mount(console, target)
    os.close(console)
    os.close(target)


def open_terminal(tree: Tree) -> tuple[int, int]:
    """Open a terminal of the container's own devpts; return slave and master."""
    ptmx = tree.open("/dev/pts/ptmx", os.O_RDWR | os.O_NOCTTY)
    if not stat.S_ISCHR(os.fstat(ptmx).st_mode):
        raise FileNotFoundError(2, "is not a terminal multiplexer", "/dev/pts/ptmx")
    slave, _ = pty.open_pair(ptmx)
    return slave, ptmx


def take_streams(fds: tuple[int, int, int]) -> None:
    """Make these descriptors standard input, output and error."""
    for number, fd in enumerate(fds):
        os.dup2(fd, number, inheritable=True)
    for fd in set(fds):
        if fd > 2:
            os.close(fd)
