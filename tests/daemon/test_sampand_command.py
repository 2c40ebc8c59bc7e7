"""The sampand command: flags, configuration, signals, two daemons on one root."""

import json
import os
import signal
import subprocess
from pathlib import Path

from tests.support.containers import start, state


def sampand(daemon, *words):
    return subprocess.run(
        daemon.command(*words), capture_output=True, text=True, timeout=30, check=False
    )


def test_a_second_daemon_on_one_root_is_refused_by_name(own_daemon):
    done = sampand(own_daemon)
    assert done.returncode == 1
    assert f"data is in use by another sampand (process {own_daemon.pid})" in done.stderr
    assert "Traceback" not in done.stderr


def test_flags_and_files_are_checked_without_starting(own_daemon):
    assert sampand(own_daemon, "--validate").stdout == "configuration OK\n"
    (own_daemon.root / "daemon.json").write_text('{"colour": 1}')
    done = sampand(own_daemon, "--validate")
    assert (done.returncode, "colour" in done.stderr) == (1, True)
    (own_daemon.root / "daemon.json").write_text("{}")
    assert sampand(own_daemon, "--nonsense").returncode == 125
    assert sampand(own_daemon, "--version").stdout.startswith("Sampan version")


def test_a_hangup_reloads_labels(own_daemon):
    events = own_daemon.api.open("GET", "/events", filters={"type": ["daemon"]})
    (own_daemon.root / "daemon.json").write_text(json.dumps({"labels": ["a=b"]}))
    os.kill(own_daemon.pid, signal.SIGHUP)
    assert b'"reload"' in events.readline()
    events.close()
    assert own_daemon.api.get("/info").json["Labels"] == ["a=b"]


def test_stopping_closes_the_socket_and_gives_the_pidfile_back(own_daemon):
    pidfile = own_daemon.root / "pid"
    assert pidfile.read_text() == f"{own_daemon.pid}\n"
    assert own_daemon.stop() == 0
    assert not os.path.exists(own_daemon.socket)
    assert not pidfile.exists()
    own_daemon.start()


def test_the_log_says_what_becomes_of_the_containers(own_daemon):
    own_daemon.stop()
    (own_daemon.root / "daemon.json").write_text('{"live-restore": false}')
    own_daemon.start()
    own_daemon.stop()
    lines = [each for each in own_daemon.log.read_text().splitlines() if "containers " in each]
    assert [each.rpartition("containers ")[2].strip('"') for each in lines] == [
        "keep running", "are stopped",
    ]  # fmt: skip
    own_daemon.start()


def test_the_socket_is_closed_to_others(own_daemon):
    assert os.stat(own_daemon.socket).st_mode & 0o007 == 0


def test_remove_all_ends_containers_and_takes_the_bridge_down(own_daemon):
    container = start(own_daemon.api, "sleep", "600")
    pid = state(own_daemon.api, container)["Pid"]
    own_daemon.stop()
    assert os.path.exists(f"/proc/{pid}")
    done = sampand(own_daemon, "--remove-all")
    assert done.returncode == 0, done.stderr
    assert not os.path.exists(f"/proc/{pid}")
    assert not os.path.exists(f"/sys/class/net/{own_daemon.bridge}")
    assert str(own_daemon.root) not in Path("/proc/self/mounts").read_text()
    own_daemon.start()
    assert state(own_daemon.api, container)["Status"] == "exited"
