"""Every wrapper of sampan.linux against the kernel, in a child process where it leaves marks."""

import errno
import os
import signal
import socket
import stat
import struct
from collections.abc import Callable

import pytest

from sampan.linux import (
    caps,
    flags,
    keyctl,
    mounts,
    namespaces,
    openat2,
    pidfd,
    prctl,
    process,
    pty,
    seccomp,
)

pytestmark = pytest.mark.root


def in_child(deed: Callable[[], object]) -> str:
    """Run deed in a child of its own namespaces' making; return what it said."""
    read_end, write_end = os.pipe()
    pid = os.fork()  # noqa: TID251 - the calls change the process for good
    if not pid:
        try:
            answer = repr(deed())
        except BaseException as error:  # noqa: BLE001 - told to the parent
            answer = f"{type(error).__name__}: {error}"
        os.write(write_end, answer.encode())
        os._exit(0)
    os.close(write_end)
    with os.fdopen(read_end, "rb") as pipe:
        said = pipe.read().decode()
    os.waitpid(pid, 0)
    return said


def private() -> None:
    namespaces.unshare(flags.CLONE_NEWNS)
    mounts.mount("", "/", flags=flags.MS_REC | flags.MS_PRIVATE)


def test_mount_and_umount_show_and_hide_a_tmpfs(tmp_path):
    def deed():
        private()
        mounts.mount("tmpfs", str(tmp_path), "tmpfs", flags.MS_NOSUID, "size=1m")
        (tmp_path / "seen").touch()
        there = os.listdir(tmp_path)
        mounts.umount2(str(tmp_path), flags.MNT_DETACH)
        return there, os.listdir(tmp_path)

    assert in_child(deed) == "(['seen'], [])"


def test_a_failed_mount_names_the_target():
    with pytest.raises(FileNotFoundError) as caught:
        mounts.mount("tmpfs", "/nowhere/at/all", "tmpfs")
    assert caught.value.filename == "/nowhere/at/all"


def test_a_detached_mount_made_read_only_refuses_writing(tmp_path):
    (tmp_path / "file").write_text("x")

    def deed():
        private()
        fd = mounts.open_tree(flags.AT_FDCWD, str(tmp_path))
        mounts.mount_setattr(fd, attr_set=flags.MOUNT_ATTR_RDONLY)
        target = os.open(tmp_path, os.O_PATH)
        mounts.move_mount(fd, target)
        try:
            (tmp_path / "file").write_text("y")
        except OSError as error:
            return errno.errorcode[error.errno]

    assert in_child(deed) == "'EROFS'"


def test_a_filesystem_can_be_configured_and_mounted_without_a_path():
    def deed():
        fs = mounts.fsopen("tmpfs")
        mounts.fsconfig(fs, "size", "1m")
        fd = mounts.fsmount(fs, flags.MOUNT_ATTR_NOEXEC)
        os.close(os.open("file", os.O_CREAT | os.O_WRONLY, dir_fd=fd))
        return os.listdir(f"/proc/self/fd/{fd}")

    assert in_child(deed) == "['file']"


def test_pivot_root_changes_the_root(tmp_path):
    def deed():
        private()
        mounts.mount("tmpfs", str(tmp_path), "tmpfs")
        (tmp_path / "here").touch()
        os.chdir(tmp_path)
        mounts.pivot_root(".", ".")
        mounts.umount2(".", flags.MNT_DETACH)
        return os.listdir("/")

    assert in_child(deed) == "['here']"


def test_openat2_keeps_a_symlink_inside_its_root(tmp_path):
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc" / "passwd").write_text("inside")
    (tmp_path / "way").symlink_to("/../../etc/passwd")
    root = os.open(tmp_path, os.O_PATH)
    fd = openat2.openat2(root, "way", os.O_RDONLY)
    try:
        assert os.read(fd, 10) == b"inside"
        assert not os.get_inheritable(fd)
    finally:
        os.close(fd)
        os.close(root)


def test_unshare_and_setns_move_between_uts_namespaces():
    def deed():
        outside = os.open("/proc/self/ns/uts", os.O_RDONLY)
        before = os.uname().nodename
        namespaces.unshare(flags.CLONE_NEWUTS)
        socket.sethostname("elsewhere")
        process.setdomainname("nis")
        inside = os.uname().nodename
        namespaces.setns(outside, flags.CLONE_NEWUTS)
        return inside, os.uname().nodename == before

    assert in_child(deed) == "('elsewhere', True)"


def test_a_pidfd_signals_its_process():
    pid = os.fork()  # noqa: TID251 - the calls change the process for good
    if not pid:
        signal.pause()
        os._exit(0)
    fd = pidfd.pidfd_open(pid)
    pidfd.pidfd_send_signal(fd, signal.SIGKILL)
    os.close(fd)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == -signal.SIGKILL


def test_capset_and_the_bounding_set_take_capabilities_away():
    def deed():
        chown = caps.NUMBERS["CAP_CHOWN"]
        prctl.capbset_drop(chown)
        effective, permitted, _ = caps.capget()
        caps.capset(effective & ~1, permitted & ~1, 0)
        return prctl.capbset_read(chown), caps.capget()[0] & 1, caps.bits(["CAP_SETUID"])

    assert in_child(deed) == "(False, 0, 128)"


def test_process_settings_are_seen_in_proc():
    def deed():
        prctl.set_name("sampan: a name too long")
        prctl.set_no_new_privs()
        prctl.set_dumpable(dumpable=False)
        prctl.set_child_subreaper(subreaper=True)
        prctl.set_pdeathsig(signal.SIGKILL)
        prctl.set_keepcaps(keep=True)
        prctl.cap_ambient_clear_all()
        with open("/proc/self/status") as status:
            lines = status.read()
        return "Name:\tsampan: a name \n" in lines, "NoNewPrivs:\t1" in lines

    assert in_child(deed) == "(True, True)"


def test_close_range_marks_or_closes():
    def deed():
        first = os.dup2(0, 200, inheritable=True)
        process.close_range(first, cloexec=True)
        marked = not os.get_inheritable(first)
        process.close_range(first)
        try:
            os.fstat(first)
        except OSError as error:
            return marked, errno.errorcode[error.errno]

    assert in_child(deed) == "(True, 'EBADF')"


def test_a_pty_of_a_private_devpts_is_a_controlling_terminal(tmp_path):
    def deed():
        private()
        data = "newinstance,ptmxmode=0666,mode=0620"
        mounts.mount("devpts", str(tmp_path), "devpts", 0, data)
        master = os.open(tmp_path / "ptmx", os.O_RDWR | os.O_NOCTTY)
        slave, number = pty.open_pair(master)
        os.setsid()
        pty.make_controlling(slave)
        pty.set_size(master, 20, 70)
        size = os.get_terminal_size(slave)
        mode = os.fstat(slave).st_mode
        return number, os.isatty(slave), size.lines, size.columns, stat.S_ISCHR(mode)

    assert in_child(deed) == "(0, True, 20, 70, True)"


def test_a_seccomp_filter_answers_for_a_call():
    # Every call but exit_group (231, or 94 on arm64) and write gives EPERM.
    load, jump, give = 0x20, 0x15, 0x06
    rules = [(load, 0, 0, 0)]
    rules += [(jump, 0, 1, {"x86_64": 83, "aarch64": 34}[os.uname().machine])]  # mkdir(at)
    rules += [(give, 0, 0, 0x50000 | errno.EPERM), (give, 0, 0, 0x7FFF0000)]
    program = b"".join(struct.pack("HBBI", *rule) for rule in rules)

    def deed():
        prctl.set_no_new_privs()
        seccomp.set_mode_filter(program)
        os.mkdir("/tmp/never")

    assert in_child(deed).startswith("PermissionError")


def test_a_session_keyring_can_be_joined_by_name():
    assert int(in_child(lambda: keyctl.join_session_keyring("sampan-test"))) > 0
