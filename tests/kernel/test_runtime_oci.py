"""sampan-runtime on bundles, called as a user or dockerd calls it."""

import json
import os
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from tests.support.runtime import make_root

from sampan.runtime.oci.wait import wait_for_end

pytestmark = pytest.mark.root

COMMAND = Path(sys.executable).with_name("sampan-runtime")


class Bundle:
    """A bundle and a state directory of one test."""

    def __init__(self, base: Path) -> None:
        self.base = base
        self.id = f"test-{os.getpid()}-{base.name}"
        make_root(base / "rootfs")
        self.call("spec", "--bundle", str(base))
        self.spec = json.loads((base / "config.json").read_text())
        self.spec["process"].update(terminal=False, args=["sleep", "100"])
        self.spec["process"]["env"] = ["PATH=/bin"]
        self.spec["linux"]["cgroupsPath"] = f"/sampan-test-{os.getpid()}/{self.id}"
        self.write()

    def write(self) -> None:
        (self.base / "config.json").write_text(json.dumps(self.spec))

    def call(self, *words: str, check: bool = True, **options) -> subprocess.CompletedProcess:
        return subprocess.run(
            [COMMAND, "--root", str(self.base / "state"), *words],
            capture_output=True, text=True, check=check, timeout=60, cwd=self.base, **options,
        )  # fmt: skip

    def status(self) -> str:
        return json.loads(self.call("state", self.id).stdout)["status"]

    def create(self, *words: str) -> None:
        # Its program keeps the streams that create was given.
        subprocess.run(
            [COMMAND, "--root", str(self.base / "state"), "create", *words, self.id],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            check=True, timeout=60, cwd=self.base,
        )  # fmt: skip

    def close(self) -> None:
        self.call("delete", "--force", self.id)
        for top in Path("/sys/fs/cgroup").iterdir():
            parent = top / f"sampan-test-{os.getpid()}"
            if parent.is_dir():
                parent.rmdir()


@pytest.fixture
def bundle(tmp_path):
    made = Bundle(tmp_path)
    yield made
    made.close()


def test_a_life_goes_through_all_states(bundle):
    bundle.create("--pid-file", "pid")
    assert bundle.status() == "created"
    pid = int((bundle.base / "pid").read_text())
    assert json.loads(bundle.call("state", bundle.id).stdout)["pid"] == pid
    bundle.call("start", bundle.id)
    assert bundle.status() == "running"
    bundle.call("pause", bundle.id)
    assert bundle.status() == "paused"
    bundle.call("resume", bundle.id)
    assert bundle.call("ps", "--format", "json", bundle.id).stdout == f"[{pid}]\n"
    pidfd = os.pidfd_open(pid)
    bundle.call("kill", bundle.id, "KILL")
    wait_for_end(pidfd)
    os.close(pidfd)
    assert bundle.status() == "stopped"
    bundle.call("delete", bundle.id)
    assert bundle.call("list", "--quiet").stdout == ""
    assert os.listdir(bundle.base / "state") == []


def test_run_gives_the_exit_code_and_cleans_up(bundle):
    bundle.spec["process"]["args"] = ["sh", "-c", "hostname; exit 7"]
    bundle.write()
    done = bundle.call("run", bundle.id, check=False)
    assert (done.returncode, done.stdout) == (7, "sampan\n")
    assert bundle.call("list", "--quiet").stdout == ""


def test_exec_runs_beside_and_gives_its_exit_code(bundle):
    bundle.create()
    bundle.call("start", bundle.id)
    done = bundle.call("exec", bundle.id, "sh", "-c", "hostname; exit 5", check=False)
    assert (done.returncode, done.stdout) == (5, "sampan\n")
    done = bundle.call("exec", "--user", "1000:1000", "--cwd", "/tmp", bundle.id, "id")
    assert "uid=1000" in done.stdout


def test_a_program_that_is_not_there_fails_the_start_and_the_log_says_so(bundle):
    bundle.spec["process"]["args"] = ["nope"]
    bundle.write()
    done = bundle.call("--log", "log", "--log-format", "json", "run", bundle.id, check=False)
    assert done.returncode == 1
    message = json.loads((bundle.base / "log").read_text())["msg"]
    assert message == 'exec: "nope": executable file not found in $PATH'
    assert bundle.call("list", "--quiet").stdout == ""


def test_a_second_container_of_that_name_is_refused(bundle):
    bundle.create()
    done = bundle.call("create", bundle.id, check=False)
    assert done.returncode == 1
    assert "exists" in done.stderr
    assert bundle.status() == "created"


def test_hooks_run_at_their_turns(bundle):
    script = (
        f"#!/bin/sh\nread state\necho $1 >> {bundle.base}/turns\n"
        f"echo $state >> {bundle.base}/states\n"
    )
    hook = bundle.base / "hook"
    hook.write_text(script)
    hook.chmod(0o755)
    (bundle.base / "rootfs" / "hook").write_text("#!/bin/sh\necho startContainer > /dev/shm/turn\n")
    (bundle.base / "rootfs" / "hook").chmod(0o755)
    outside = ("prestart", "createRuntime", "createContainer", "poststart", "poststop")
    bundle.spec["hooks"] = {
        turn: [{"path": str(hook), "args": ["hook", turn]}] for turn in outside
    }
    bundle.spec["hooks"]["startContainer"] = [{"path": "/hook"}]
    bundle.spec["process"]["args"] = ["cat", "/dev/shm/turn"]
    bundle.write()
    assert bundle.call("run", bundle.id).stdout == "startContainer\n"
    assert (bundle.base / "turns").read_text().split() == list(outside)
    states = [json.loads(line) for line in (bundle.base / "states").read_text().splitlines()]
    assert [state["id"] for state in states] == [bundle.id] * 5


def test_a_failing_hook_ends_the_creation(bundle):
    bundle.spec["hooks"] = {"createRuntime": [{"path": "/bin/false"}]}
    bundle.write()
    done = bundle.call("create", bundle.id, check=False)
    assert done.returncode == 1
    assert "hook" in done.stderr
    assert bundle.call("list", "--quiet").stdout == ""


def test_the_terminal_goes_to_the_console_socket(bundle):
    bundle.spec["process"].update(terminal=True, args=["sh", "-c", "tty; read x"])
    bundle.write()
    masters = []
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(bundle.base / "console"))
        listener.listen()

        def take() -> None:
            sock, _ = listener.accept()
            with sock:
                masters.extend(socket.recv_fds(sock, 100, 1)[1])

        taker = threading.Thread(target=take)
        taker.start()
        bundle.create("--console-socket", str(bundle.base / "console"))
        taker.join(10)
    bundle.call("start", bundle.id)
    try:
        assert os.read(masters[0], 100) == b"/dev/pts/0\r\n"
    finally:
        os.close(masters[0])


def test_limits_are_changed_live(bundle):
    bundle.create()
    bundle.call("update", "--pids-limit", "33", bundle.id)
    group = bundle.spec["linux"]["cgroupsPath"]
    found = [
        path.read_text()
        for path in (
            Path(f"/sys/fs/cgroup/pids{group}/pids.max"), Path(f"/sys/fs/cgroup{group}/pids.max"),
        )
        if path.exists()
    ]  # fmt: skip
    assert found == ["33\n"]
