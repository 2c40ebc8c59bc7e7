"""`sampan run -it` is a real terminal: size, keys, signals, and the user's own put back."""

import os
import pathlib
import pty
import select
import signal
import struct
import sys
import termios
from fcntl import ioctl

import pytest
from tests.support.daemon_fixtures import daemon, shared_daemon

import sampan
from sampan.base.settings import environment

__all__ = ["daemon", "shared_daemon"]

pytestmark = [
    pytest.mark.root,
    pytest.mark.skipif(os.geteuid() != 0, reason="needs root"),
]

SOURCE = pathlib.Path(sampan.__file__).parents[1]
START = f"import sys; sys.path.append({str(SOURCE)!r}); from sampan.cli.main import main; "
COMMAND = [sys.executable, "-IS", "-c", START + "sys.exit(main())"]
SECONDS = 20
DETACH = b"\x10\x11"
PROMPT = b"# "


class Terminal:
    """A command on a pseudo terminal, typed to and read from."""

    def __init__(self, host, *words, rows=30, columns=100):
        self._master, self._slave = pty.openpty()
        self.resize(rows, columns)
        self.before = termios.tcgetattr(self._slave)
        # setsid makes the pseudo terminal the controlling one, as a login does.
        self.pid = os.posix_spawn(
            sys.executable,
            [sys.executable, "-IS", "-c", LOGIN, *COMMAND, "-H", host, *words],
            environment(),
            file_actions=[(os.POSIX_SPAWN_DUP2, self._slave, fd) for fd in range(3)],
        )
        self.text = b""

    def resize(self, rows, columns):
        ioctl(self._slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def type(self, data):
        os.write(self._master, data)

    def read_until(self, text):
        """Read until the text has come; what came before it."""
        while text not in self.text:
            ready, _, _ = select.select([self._master], [], [], SECONDS)
            assert ready, self.text
            self.text += os.read(self._master, 65536)
        before, _, self.text = self.text.partition(text)
        return before

    def signal(self, number):
        os.kill(self.pid, number)

    def wait(self):
        """Wait for its end; the exit code."""
        pidfd = os.pidfd_open(self.pid)
        try:
            ready, _, _ = select.select([pidfd], [], [], SECONDS)
            assert ready, "the command did not end"
        finally:
            os.close(pidfd)
        _, status = os.waitpid(self.pid, 0)
        self.pid = 0
        return os.waitstatus_to_exitcode(status)

    def is_put_back(self):
        return termios.tcgetattr(self._slave) == self.before

    def close(self):
        if self.pid:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        os.close(self._master)
        os.close(self._slave)


LOGIN = """
import os, sys, termios
from fcntl import ioctl
os.setsid()
ioctl(0, termios.TIOCSCTTY, 0)
os.execv(sys.argv[1], sys.argv[1:])
"""


@pytest.fixture
def terminal(daemon):
    made = []

    def make(*words):
        made.append(Terminal(f"unix://{daemon.socket}", *words))
        return made[-1]

    yield make
    for one in made:
        one.close()


def test_a_shell_has_our_size_and_its_exit_code_is_ours(terminal):
    shell = terminal("run", "--rm", "-it", "busybox", "sh")
    shell.read_until(PROMPT)
    shell.type(b"stty size\r")
    shell.read_until(b"30 100")
    shell.read_until(PROMPT)
    shell.type(b"exit 3\r")
    assert shell.wait() == 3
    assert shell.is_put_back()


def test_a_new_size_reaches_the_container(terminal):
    script = "trap 'stty size' WINCH; echo up; while read x; do :; done"
    shell = terminal("run", "--rm", "-it", "busybox", "sh", "-c", script)
    shell.read_until(b"up")
    shell.resize(40, 120)
    shell.read_until(b"40 120")
    shell.type(b"\x04")
    shell.wait()
    assert shell.is_put_back()


def test_detach_keys_leave_the_container_running(terminal, daemon):
    shell = terminal("run", "-it", "--name", "web", "busybox", "sh")
    shell.read_until(PROMPT)
    shell.type(DETACH)
    assert shell.wait() == 0
    assert shell.is_put_back()
    assert daemon.api.get("/containers/web/json").json["State"]["Running"]

    again = terminal("attach", "--detach-keys", "ctrl-a,x", "web")
    again.type(b"echo still $((20 + 22))\r")
    again.read_until(b"still 42")
    again.type(b"\x01x")
    assert again.wait() == 1
    again.read_until(b"read escape sequence")
    assert again.is_put_back()


def test_interrupt_is_a_key_for_the_container(terminal, daemon):
    daemon.docker_ok("run", "-d", "--name", "web", "busybox", "sleep", "1000")
    shell = terminal("exec", "-it", "web", "sh", "-c", "echo up; sleep 1000")
    shell.read_until(b"up")
    shell.type(b"\x03")
    assert shell.wait() == 130
    assert shell.is_put_back()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_deadly_signal_puts_the_terminal_back(terminal, daemon, number):
    daemon.docker_ok("run", "-d", "--name", "web", "busybox", "sleep", "1000")
    shell = terminal("exec", "-it", "web", "sh", "-c", "echo up; sleep 1000")
    shell.read_until(b"up")
    shell.signal(number)
    assert shell.wait() == 128 + number
    assert shell.is_put_back()


def test_the_container_ending_puts_the_terminal_back(terminal, daemon):
    shell = terminal("run", "-it", "--name", "web", "busybox", "sh")
    shell.read_until(PROMPT)
    daemon.api.post("/containers/web/kill")
    assert shell.wait() == 137
    assert shell.is_put_back()


def test_signals_are_passed_on_without_a_terminal(terminal):
    script = "trap 'echo got; exit 9' TERM; echo up; while :; do sleep 0.1; done"
    command = terminal("run", "--rm", "busybox", "sh", "-c", script)
    command.read_until(b"up")
    command.signal(signal.SIGTERM)
    command.read_until(b"got")
    assert command.wait() == 9


def test_a_third_interrupt_ends_the_command_alone(terminal, daemon):
    script = "trap 'echo no' INT; echo up; while :; do sleep 0.1; done"
    command = terminal("run", "--name", "web", "busybox", "sh", "-c", script)
    command.read_until(b"up")
    # One after the other: a signal that is pending already is not counted twice.
    for _ in range(2):
        command.signal(signal.SIGINT)
        command.read_until(b"no")
    command.signal(signal.SIGINT)
    assert command.wait() == 1
    assert daemon.api.get("/containers/web/json").json["State"]["Running"]
