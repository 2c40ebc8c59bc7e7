"""Our command line on our daemon: what people type, what they see, and with which exit code."""

import os
import pathlib
import shlex
import subprocess
import sys
import tarfile

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


@pytest.fixture
def cli(daemon):
    def run(*words, stdin=b"", env=None):
        return subprocess.run(
            [*COMMAND, *words],
            input=stdin,
            capture_output=True,
            timeout=60,
            check=False,
            env={**environment(), "SAMPAN_HOST": f"unix://{daemon.socket}", **(env or {})},
        )

    return run


@pytest.fixture
def ok(cli):
    def run(*words, **rest):
        done = cli(*words, **rest)
        assert done.returncode == 0, (words, done.stdout, done.stderr)
        return done.stdout.decode().removesuffix("\n")

    return run


def test_run_prints_both_streams_and_has_the_containers_exit_code(cli):
    done = cli("run", "--rm", "busybox", "sh", "-c", "echo out; echo err >&2; exit 7")
    assert (done.returncode, done.stdout, done.stderr) == (7, b"out\n", b"err\n")


def test_run_passes_stdin_and_its_end(cli):
    data = os.urandom(300_000)
    done = cli("run", "--rm", "-i", "busybox", "cat", stdin=data)
    assert done.stdout == data


def test_run_dash_d_prints_the_id(ok):
    identity = ok("run", "-d", "--name", "web", "busybox", "sleep", "1000")
    assert len(identity) == 64
    assert ok("ps", "-q", "--no-trunc") == identity
    assert ok("container", "ls", "--format", "{{.Names}}: {{.Image}}") == "web: busybox"
    assert ok("inspect", "-f", "{{.State.Status}}", "web") == "running"


@pytest.mark.parametrize(
    ("words", "code", "text"),
    [
        (["run", "nobody/here"], 125, b"Unable to find image 'nobody/here:latest' locally"),
        (["run", "--rm", "busybox", "no-such-program"], 127, b"executable file not found"),
        (["run", "--rm", "busybox", "/etc"], 126, b"permission denied"),
        (["run", "--name", "a b", "busybox"], 125, b"Run 'sampan run --help'"),
        (["run", "-m", "1k", "busybox"], 125, b"sampan: Error response from daemon: "),
        (["run", "-p", "x:y", "busybox"], 125, b"sampan: invalid containerPort: y"),
        (["run", "-it", "busybox"], 1, b"the input device is not a TTY"),
        (["stop", "nobody"], 1, b"Error response from daemon: No such container: nobody"),
        (["exec", "nobody", "ls"], 1, b"Error response from daemon: No such container: nobody"),
        (["rmi", "nobody"], 1, b"No such image: nobody"),
        (["inspect", "nobody"], 1, b"Error: No such object: nobody"),
        (["foo"], 1, b"sampan: unknown command: sampan foo"),
        (["ps", "--foo"], 125, b"unknown flag: --foo"),
        (["ps", "foo"], 1, b"sampan: 'sampan ps' accepts no arguments"),
        (["-H", "unix:///nosuch", "ps"], 1, b"Cannot connect to the Sampan daemon"),
        (["-H", "tcp://127.0.0.1:1", "ps"], 1, b"Cannot connect to the Sampan daemon"),
        (["-H", "foo://x", "ps"], 1, b"unable to parse docker host"),
        (["--tlsverify", "--tlscacert", "/nosuch", "-H", "tcp://127.0.0.1:1", "ps"], 1, b"TLS"),
    ],
)
def test_bad_input_is_told_in_dockers_words(cli, words, code, text):
    done = cli(*words)
    assert done.returncode == code
    assert text in done.stderr
    assert b"Traceback" not in done.stderr


def test_rm_force_of_nobody_is_fine(cli):
    done = cli("rm", "-f", "nobody")
    assert (done.returncode, done.stdout) == (0, b"")
    assert b"No such container: nobody" in done.stderr


def test_exec_has_an_exit_code_and_an_environment(cli, ok):
    ok("run", "-d", "--name", "web", "busybox", "sleep", "1000")
    done = cli("exec", "-e", "A=b", "-w", "/tmp", "web", "sh", "-c", "echo $A $PWD; exit 3")
    assert (done.returncode, done.stdout) == (3, b"b /tmp\n")
    assert cli("exec", "-i", "web", "wc", "-c", stdin=b"12345").stdout == b"5\n"
    assert ok("exec", "-d", "web", "touch", "/seen") == ""


def test_logs_keep_the_streams_apart(cli, ok):
    ok("run", "--name", "web", "busybox", "sh", "-c", "echo one; echo two >&2")
    done = cli("logs", "web")
    assert (done.stdout, done.stderr) == (b"one\n", b"two\n")
    assert cli("logs", "--tail", "0", "web").stdout == b""
    assert ok("logs", "-t", "--tail", "all", "web").startswith("20")


def test_logs_of_a_container_follow_to_its_end(ok):
    ok("run", "-d", "--name", "web", "busybox", "sh", "-c", "echo a; sleep 0.3; echo b")
    assert ok("logs", "-f", "web") == "a\nb"


def test_many_are_stopped_and_removed_side_by_side(ok):
    names = [f"c{number}" for number in range(5)]
    for name in names:
        ok("run", "-d", "--name", name, "busybox", "sleep", "1000")
    assert ok("kill", *names).split() == names
    assert ok("wait", *names).split() == ["137"] * 5
    assert ok("rm", *names).split() == names


def test_the_life_of_a_container(ok):
    ok("create", "--name", "web", "busybox", "sleep", "1000")
    assert ok("start", "web") == "web"
    assert ok("pause", "web") == "web"
    assert "(Paused)" in ok("ps")
    ok("unpause", "web")
    ok("update", "-m", "64m", "--memory-swap", "64m", "web")
    assert ok("inspect", "-f", "{{.HostConfig.Memory}}", "web") == str(64 << 20)
    ok("rename", "web", "other")
    ok("restart", "-t", "0", "other")
    assert "sleep 1000" in ok("top", "other")
    ok("stop", "-t", "0", "other")
    assert ok("ps", "-aq", "-f", "status=exited")
    assert ok("container", "prune", "-f").startswith("Deleted Containers:\n")


def test_start_attached_has_the_containers_output_and_exit_code(cli, ok):
    ok("create", "--name", "web", "busybox", "sh", "-c", "echo hi; exit 4")
    done = cli("start", "-a", "web")
    assert (done.returncode, done.stdout) == (4, b"hi\n")


def test_attach_sees_what_comes_and_the_exit_code(cli, ok):
    ok("run", "-d", "-i", "--name", "web", "busybox", "sh", "-c", "read x; echo got $x; exit 6")
    done = cli("attach", "web", stdin=b"word\n")
    assert (done.returncode, done.stdout) == (6, b"got word\n")


def test_files_are_copied_both_ways(ok, tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "f").write_text("text")
    ok("create", "--name", "web", "busybox")
    ok("cp", str(tmp_path / "in"), "web:/new")
    ok("cp", "web:/new/f", str(tmp_path / "out"))
    assert (tmp_path / "out").read_text() == "text"
    assert ok("diff", "web").splitlines() == ["A /new", "A /new/f"]


def test_archives_go_through_pipes(cli, ok, tmp_path):
    ok("create", "--name", "web", "busybox")
    done = cli("cp", "web:/etc/passwd", "-")
    (tmp_path / "a.tar").write_bytes(done.stdout)
    with tarfile.open(tmp_path / "a.tar") as tar:
        assert tar.getnames() == ["passwd"]
    assert cli("cp", "-", "web:/tmp", stdin=done.stdout).returncode == 0
    assert ok("diff", "web").splitlines() == ["C /tmp", "A /tmp/passwd"]


def test_images_are_made_named_saved_and_loaded(cli, ok, tmp_path):
    file = str(tmp_path / "image.tar")
    ok("create", "--name", "web", "busybox")
    identity = ok("commit", "-m", "mine", "web", "mine:1")
    assert identity.startswith("sha256:")
    ok("tag", "mine:1", "mine:2")
    assert set(ok("images", "--format", "{{.Tag}}", "mine").split()) == {"1", "2"}
    ok("save", "-o", file, "mine:1")
    assert "Untagged: mine:2" in ok("rmi", "mine:1", "mine:2")
    assert ok("load", "-i", file) == "Loaded image: mine:1"
    assert "mine" in ok("history", "mine:1")
    with open(file, "rb") as archive:
        assert cli("load", "-q", stdin=archive.read()).stdout == b"Loaded image: mine:1\n"
    ok("rmi", "mine:1")


def test_a_root_file_system_is_imported_and_exported(cli, ok, tmp_path):
    file = str(tmp_path / "root.tar")
    ok("create", "--name", "web", "busybox")
    ok("export", "-o", file, "web")
    ok("import", "-c", 'CMD ["echo", "made"]', "-m", "hello", file, "made:1")
    assert ok("run", "--rm", "made:1") == "made"
    with open(file, "rb") as archive:
        assert cli("import", "-", "made:2", stdin=archive.read()).stdout.startswith(b"sha256:")
    ok("rmi", "-f", "made:1", "made:2")


def test_volumes_and_networks(cli, ok):
    assert ok("volume", "create", "--label", "a=b", "data") == "data"
    assert ok("volume", "ls", "-q", "-f", "label=a=b") == "data"
    ok("run", "--rm", "-v", "data:/d", "busybox", "sh", "-c", "echo kept > /d/f")
    assert ok("run", "--rm", "-v", "data:/d:ro", "busybox", "cat", "/d/f") == "kept"
    ok("network", "create", "--label", "a=b", "lan")
    assert ok("network", "ls", "--format", "{{.Name}}", "-f", "label=a=b") == "lan"
    ok("run", "-d", "--name", "web", "--network", "lan", "busybox", "sleep", "1000")
    assert ok("network", "inspect", "-f", "{{range .Containers}}{{.Name}}{{end}}", "lan") == "web"
    assert cli("network", "rm", "lan").returncode == 1
    ok("network", "disconnect", "-f", "lan", "web")
    assert ok("network", "rm", "lan") == "lan"
    assert ok("volume", "rm", "data") == "data"


def test_screens_about_the_whole(ok):
    assert "Server Version: " in ok("info")
    assert ok("info", "--format", "{{.OSType}}") == "linux"
    assert "Server:" in ok("version")
    assert ok("version", "--format", "{{.Client.APIVersion}}").startswith("1.")
    assert ok("system", "df").splitlines()[0].split() == [
        "TYPE",
        "TOTAL",
        "ACTIVE",
        "SIZE",
        "RECLAIMABLE",
    ]
    ok("run", "--rm", "--name", "seen", "busybox", "true")
    # Moments are whole seconds: up to now would leave out what has just happened.
    lines = ok("events", "--since", "1m", "--until=-1s", "-f", "container=seen").splitlines()
    assert any(" container start " in line and "name=seen" in line for line in lines)
    assert "Total reclaimed space" in ok("system", "prune", "-f")


def test_stats_once(ok):
    ok("run", "-d", "--name", "web", "busybox", "sleep", "1000")
    header, line = ok("stats", "--no-stream").splitlines()
    assert header.startswith("CONTAINER ID   NAME      CPU %")
    assert " web " in line
    assert " / " in line


def test_ports_are_shown(ok):
    ok("run", "-d", "--name", "web", "-p", "127.0.0.1::80", "busybox", "sleep", "1000")
    (line,) = ok("port", "web").splitlines()
    assert line.startswith("80/tcp -> 127.0.0.1:")
    assert line.removeprefix("80/tcp -> ") == ok("port", "web", "80")


def test_a_prune_that_is_not_confirmed_does_nothing(cli, ok):
    ok("create", "--name", "web", "busybox")
    done = cli("container", "prune", stdin=b"n\n")
    assert b"WARNING! This will remove all stopped containers." in done.stdout
    assert ok("ps", "-aq")
    assert cli("container", "prune", stdin=b"y\n").returncode == 0
    assert ok("ps", "-aq") == ""


def test_the_id_file(cli, ok, tmp_path):
    file = tmp_path / "id"
    identity = ok("run", "-d", "--cidfile", str(file), "busybox", "true")
    assert file.read_text() == identity
    again = cli("run", "--cidfile", str(file), "busybox", "true")
    assert again.returncode == 125
    assert b"container ID file found" in again.stderr
    file.unlink()
    assert cli("run", "--cidfile", str(file), "nobody/here").returncode == 125
    assert not file.exists()


def test_a_reader_that_goes_away_ends_the_command(daemon, ok):
    ok("run", "--name", "web", "busybox", "sh", "-c", "seq 100000")
    words = shlex.join([*COMMAND, "logs", "web"])
    done = subprocess.run(
        ["bash", "-c", f"{words} | head -1; echo ${{PIPESTATUS[0]}}"],
        capture_output=True,
        timeout=60,
        check=True,
        env={**environment(), "DOCKER_HOST": f"unix://{daemon.socket}"},
    )
    assert (done.stdout, done.stderr) == (b"1\n141\n", b"")
