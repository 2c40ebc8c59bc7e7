"""Execs: create, start, resize, inspect."""

import socket

import pytest
from tests.support.containers import create, frames, read_all, read_until, start

OUT = {"AttachStdout": True, "AttachStderr": True}


@pytest.fixture
def container(daemon):
    return start(daemon.api, "sleep", "600", name="box")


def make(daemon, *cmd, **wishes):
    answer = daemon.api.post("/containers/box/exec", {"Cmd": list(cmd), **OUT, **wishes})
    assert answer.status == 201, answer
    return answer.json["Id"]


def run(daemon, *cmd, **wishes):
    made = make(daemon, *cmd, **wishes)
    _head, sock = daemon.api.hijack(f"/exec/{made}/start", {"Tty": wishes.get("Tty", False)})
    with sock:
        data = read_all(sock)
    return daemon.api.get(f"/exec/{made}/json").json["ExitCode"], data


def test_an_exec_runs_in_the_container(daemon, container):
    code, data = run(daemon, "sh", "-c", "hostname; echo err >&2; exit 3")
    assert code == 3
    assert sorted(frames(data)) == [(1, container[:12].encode() + b"\n"), (2, b"err\n")]


def test_an_exec_has_its_own_environment_user_and_directory(daemon, container):
    code, data = run(
        daemon, "sh", "-c", "echo $A; id -u; pwd", Env=["A=b"], User="nobody", WorkingDir="/tmp"
    )
    assert b"".join(part for _n, part in frames(data)) == b"b\n65534\n/tmp\n"
    assert code == 0


def test_stdin_of_an_exec_ends(daemon, container):
    made = make(daemon, "wc", "-c", AttachStdin=True)
    _head, sock = daemon.api.hijack(f"/exec/{made}/start", {}, early=b"abc")
    with sock:
        sock.sendall(b"de")
        sock.shutdown(socket.SHUT_WR)
        assert frames(read_all(sock)) == [(1, b"5\n")]


def test_a_terminal_of_an_exec_can_be_resized(daemon, container):
    made = make(daemon, "sh", Tty=True, AttachStdin=True)
    _head, sock = daemon.api.hijack(f"/exec/{made}/start", {"Tty": True, "ConsoleSize": [30, 100]})
    with sock:
        sock.sendall(b"stty size\n")
        read_until(sock, b"30 100")
        assert daemon.api.post(f"/exec/{made}/resize", h=40, w=120).status == 200
        sock.sendall(b"stty size; exit\n")
        read_until(sock, b"40 120")
        read_all(sock)


def test_a_detached_exec_answers_at_once(daemon, container):
    made = make(daemon, "sleep", "600")
    answer = daemon.api.post(f"/exec/{made}/start", {"Detach": True})
    assert answer.status == 200
    found = daemon.api.get(f"/exec/{made}/json").json
    assert found["Running"]
    assert found["ContainerID"] == container


def test_a_missing_program_is_told_in_the_stream_and_by_the_exit_code(daemon, container):
    code, data = run(daemon, "no-such-program")
    assert code == 127
    assert b"no-such-program" in data


def test_an_exec_needs_a_command_and_a_running_container(daemon, container):
    assert daemon.api.post("/containers/box/exec", {"Cmd": []}).status == 400
    stopped = create(daemon.api)
    answer = daemon.api.post(f"/containers/{stopped}/exec", {"Cmd": ["true"]})
    assert answer.status == 409
    assert daemon.api.post("/containers/nobody/exec", {"Cmd": ["true"]}).status == 404
    assert daemon.api.post("/exec/nobody/start", {}).status == 404
    assert daemon.api.get("/exec/nobody/json").status == 404


def test_an_exec_runs_once(daemon, container):
    made = make(daemon, "true")
    _head, sock = daemon.api.hijack(f"/exec/{made}/start", {})
    with sock:
        read_all(sock)
    assert daemon.api.post(f"/exec/{made}/start", {}).status == 409
