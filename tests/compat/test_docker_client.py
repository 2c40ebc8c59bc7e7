"""Docker's own client, unchanged, on our socket: what people type first."""

import os
import shutil
import socket
import subprocess
import time

import pytest
from tests.support.daemon_fixtures import daemon, shared_daemon

from sampan.base.settings import environment

__all__ = ["daemon", "shared_daemon"]

pytestmark = [
    pytest.mark.root,
    pytest.mark.skipif(shutil.which("docker") is None, reason="needs the docker client"),
    pytest.mark.skipif(os.geteuid() != 0, reason="needs root"),
]


def test_version_and_info(daemon):
    assert daemon.docker_ok("version", "--format", "{{.Server.MinAPIVersion}}") == "1.24"
    assert daemon.docker_ok("info", "--format", "{{.OSType}}") == "linux"
    assert "Server Version" in daemon.docker_ok("info")


def test_run_in_the_foreground(daemon):
    done = daemon.docker("run", "--rm", "busybox", "sh", "-c", "echo out; echo err >&2; exit 5")
    assert (done.returncode, done.stdout, done.stderr) == (5, b"out\n", b"err\n")
    assert daemon.docker_ok("ps", "-aq") == ""


def test_run_with_stdin(daemon):
    done = daemon.docker("run", "--rm", "-i", "busybox", "wc", "-c", stdin=b"12345")
    assert done.stdout == b"5\n"


def test_run_many_times_leaves_nothing(daemon):
    for _ in range(5):
        assert daemon.docker_ok("run", "--rm", "busybox", "echo", "x") == "x"
    assert daemon.docker_ok("ps", "-aq") == ""


@pytest.mark.parametrize(
    ("words", "code", "text"),
    [
        (["run", "nobody/here"], 125, b"cannot pull nobody/here:latest"),
        (["run", "--rm", "busybox", "no-such-program"], 127, b"executable file not found"),
        (["run", "--rm", "busybox", "/etc"], 126, b"permission denied"),
        (["run", "--name", "a b", "busybox"], 125, b"nvalid container name"),
        (["run", "-m", "1k", "busybox"], 125, b"emory"),
        (["stop", "nobody"], 1, b"No such container: nobody"),
        (["rmi", "nobody"], 1, b"No such image: nobody"),
        (["network", "rm", "nobody"], 1, b"network nobody not found"),
        (["volume", "inspect", "nobody"], 1, b"nobody"),
        (["pull", "nobody"], 1, b"no registry client yet"),
        (["service", "ls"], 1, b"not a swarm manager"),
    ],
)
def test_mistakes_get_dockers_code_and_a_sentence(daemon, words, code, text):
    done = daemon.docker(*words)
    assert text.lower() in done.stderr.lower()
    assert done.returncode == code


def test_a_failed_start_is_told_once(daemon):
    done = daemon.docker("run", "busybox", "no-such-program")
    assert done.stderr.count(b"no-such-program") == 1


def test_a_detached_web_server_is_reached_through_a_published_port(daemon):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    daemon.docker_ok(
        *("run", "-d", "--name", "web", "-p", f"127.0.0.1:{port}:80", "-m", "64m", "busybox"),
        *("sh", "-c", "echo hello > /tmp/index.html; exec httpd -f -p 80 -h /tmp"),
    )
    assert daemon.docker_ok("port", "web") == f"80/tcp -> 127.0.0.1:{port}"
    daemon.docker_ok(
        "exec", "web", "sh", "-c", "until wget -qO- http://127.0.0.1/; do sleep 0.01; done"
    )
    with socket.create_connection(("127.0.0.1", port), 10) as client:
        client.sendall(b"GET /index.html HTTP/1.0\r\n\r\n")
        page = b""
        while part := client.recv(4096):
            page += part
    assert page.endswith(b"hello\n")
    assert daemon.docker_ok("ps", "--format", "{{.Names}} {{.State}}") == "web running"
    stats = daemon.docker_ok("stats", "--no-stream", "--format", "{{.MemUsage}}", "web")
    assert stats.endswith("/ 64MiB")
    assert daemon.docker_ok("stop", "-t", "0", "web") == "web"
    assert "Exited (137)" in daemon.docker_ok("ps", "-a", "--format", "{{.Status}}")
    assert daemon.docker_ok("rm", "web") == "web"


def test_exec_tells_the_exit_code(daemon):
    daemon.docker_ok("run", "-d", "--name", "box", "busybox", "sleep", "600")
    done = daemon.docker("exec", "-i", "box", "sh", "-c", "cat; exit 3", stdin=b"in")
    assert (done.returncode, done.stdout) == (3, b"in")
    assert daemon.docker("exec", "box", "no-such-program").returncode == 127
    assert daemon.docker_ok("exec", "-e", "A=b", "-w", "/tmp", "box", "sh", "-c", "echo $A $PWD")


def test_a_terminal_through_the_real_client(daemon):
    """`run -it` needs a terminal on the client's side: script(1) gives it one."""
    done = subprocess.run(
        [
            *("script", "-qec"),
            f"docker -H unix://{daemon.socket} run --rm -it busybox sh -c 'tty; read x; exit 6'",
            "/dev/null",
        ],
        input=b"\n",
        capture_output=True,
        timeout=60,
        env={**environment(), "TERM": "xterm"},
        check=False,
    )
    assert b"/dev/pts/0" in done.stdout
    assert done.returncode == 6


def test_logs_top_diff_cp_and_commit(daemon):
    daemon.docker_ok("run", "-d", "--name", "box", "busybox", "sh", "-c", "echo hi; sleep 600")
    follow = subprocess.Popen(
        ["docker", "-H", f"unix://{daemon.socket}", "logs", "-f", "box"], stdout=subprocess.PIPE
    )
    with follow:
        assert follow.stdout.readline() == b"hi\n"
        follow.terminate()
    assert "sleep 600" in daemon.docker_ok("top", "box")
    note = daemon.root / "note"
    note.write_text("from outside")
    daemon.docker_ok("cp", "-q", str(note), "box:/note")
    assert daemon.docker_ok("exec", "box", "cat", "/note") == "from outside"
    assert "A /note" in daemon.docker_ok("diff", "box")
    daemon.docker_ok("cp", "-q", "box:/note", str(daemon.root / "back"))
    assert (daemon.root / "back").read_text() == "from outside"
    daemon.docker_ok("commit", "-m", "why", "box", "noted")
    assert daemon.docker_ok("run", "--rm", "noted", "cat", "/note") == "from outside"
    assert "noted" in daemon.docker_ok("images", "--format", "{{.Repository}}").split()
    daemon.docker_ok("rm", "-f", "box")
    assert "Untagged: noted:latest" in daemon.docker_ok("rmi", "noted")


def test_save_load_import_export_and_history(daemon):
    archive = daemon.root / "busybox.tar"
    daemon.docker_ok("save", "-o", str(archive), "busybox")
    daemon.docker_ok("tag", "busybox", "other:1")
    assert daemon.docker_ok("rmi", "other:1") == "Untagged: other:1"
    assert "Loaded image: busybox:latest" in daemon.docker_ok("load", "-i", str(archive))
    daemon.docker_ok("create", "--name", "box", "busybox")
    tree = daemon.docker("export", "box")
    done = daemon.docker("import", "-c", "CMD echo hi", "-", "flat", stdin=tree.stdout)
    assert done.stdout.startswith(b"sha256:")
    assert daemon.docker_ok("run", "--rm", "flat") == "hi"
    assert "Imported from -" in daemon.docker_ok("history", "flat")
    daemon.docker_ok("rmi", "flat")


def test_volumes_and_networks(daemon):
    assert daemon.docker_ok("volume", "create", "data") == "data"
    daemon.docker_ok("run", "--rm", "-v", "data:/d", "busybox", "sh", "-c", "echo kept > /d/x")
    mount = "type=volume,src=data,dst=/d,readonly"
    assert daemon.docker_ok("run", "--rm", "--mount", mount, "busybox", "cat", "/d/x") == "kept"
    assert daemon.docker_ok("volume", "ls", "-q") == "data"
    names = daemon.docker_ok("network", "ls", "--format", "{{.Name}}").split()
    assert sorted(names) == ["bridge", "host", "none"]


def test_events_and_system_screens(daemon):
    daemon.docker_ok("run", "--name", "short", "busybox", "true")
    seen = daemon.docker_ok(
        *("events", "--since", "1m", "--until", str(int(time.time()) + 1)),
        *("--filter", "container=short"),
        *("--format", "{{.Action}}"),
    )
    assert seen.split()[0] == "create"
    assert "die" in seen
    assert "Images" in daemon.docker_ok("system", "df")
    assert "Total reclaimed space" in daemon.docker_ok("system", "prune", "-f")


def test_pause_update_rename_wait_and_restart(daemon):
    daemon.docker_ok("run", "-d", "--name", "box", "busybox", "sleep", "600")
    daemon.docker_ok("pause", "box")
    daemon.docker_ok("unpause", "box")
    daemon.docker_ok("update", "-m", "100m", "--memory-swap", "200m", "box")
    daemon.docker_ok("rename", "box", "crate")
    daemon.docker_ok("restart", "-t", "0", "crate")
    daemon.docker_ok("kill", "crate")
    assert daemon.docker_ok("wait", "crate") == "137"
    assert daemon.docker_ok("inspect", "-f", "{{.HostConfig.Memory}}", "crate") == str(100 << 20)
