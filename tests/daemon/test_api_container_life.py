"""start, stop, kill, restart, pause, unpause, wait, rename, update, remove."""

import pytest
from tests.support.containers import (
    create,
    inspect,
    read_until,
    run,
    start,
    start_ready,
    state,
    wait,
)


def test_start_runs_and_wait_tells_the_exit_code(daemon):
    assert run(daemon.api, "sh", "-c", "echo hello; exit 7") == (7, "hello\n")


def test_a_started_container_is_not_modified_by_another_start(daemon):
    container = start(daemon.api, "sleep", "60")
    assert daemon.api.post(f"/containers/{container}/start").status == 304


def test_a_program_that_is_not_there_is_the_callers_mistake(daemon):
    container = create(daemon.api, "no-such-program")
    answer = daemon.api.post(f"/containers/{container}/start")
    assert answer.status == 400
    assert "no-such-program" in answer.message
    assert "executable file not found in $PATH" in answer.message
    assert state(daemon.api, container)["ExitCode"] == 127


def test_an_unknown_container_is_not_found_by_every_verb(daemon):
    for verb in ("start", "stop", "kill", "restart", "pause", "unpause", "wait", "attach"):
        answer = daemon.api.post(f"/containers/nobody/{verb}")
        assert (answer.status, answer.message) == (404, "No such container: nobody"), verb


LISTENS = "trap 'exit {}' TERM INT; echo ready; while :; do sleep 0.01; done"


def test_stop_ends_with_the_signal_and_then_is_not_modified(daemon):
    container = start_ready(daemon.api, LISTENS.format(3))
    assert daemon.api.post(f"/containers/{container}/stop").status == 204
    found = state(daemon.api, container)
    assert (found["Status"], found["ExitCode"]) == ("exited", 3)
    assert daemon.api.post(f"/containers/{container}/stop").status == 304


def test_stop_kills_what_does_not_listen(daemon):
    container = start_ready(daemon.api, "trap '' TERM; echo ready; while :; do sleep 0.01; done")
    assert daemon.api.post(f"/containers/{container}/stop", t=0).status == 204
    assert state(daemon.api, container)["ExitCode"] == 137


@pytest.mark.parametrize(("signal", "code"), [("TERM", 3), ("SIGINT", 3), ("9", 137)])
def test_kill_sends_a_signal_by_name_or_number(daemon, signal, code):
    container = start_ready(daemon.api, LISTENS.format(3))
    assert daemon.api.post(f"/containers/{container}/kill", signal=signal).status == 204
    assert wait(daemon.api, container) == code


def test_kill_of_a_stopped_container_is_a_conflict(daemon):
    container = create(daemon.api)
    answer = daemon.api.post(f"/containers/{container}/kill")
    assert answer.status == 409
    assert "is not running" in answer.message


def test_kill_with_a_bad_signal_is_refused(daemon):
    container = start(daemon.api, "sleep", "60")
    assert daemon.api.post(f"/containers/{container}/kill", signal="NOISE").status == 400


def test_restart_gives_a_new_process(daemon):
    container = start(daemon.api, "sleep", "60")
    before = state(daemon.api, container)["Pid"]
    assert daemon.api.post(f"/containers/{container}/restart", t=0).status == 204
    after = state(daemon.api, container)
    assert after["Running"]
    assert after["Pid"] not in {0, before}


def test_pause_and_unpause(daemon):
    container = start(daemon.api, "sleep", "60")
    assert daemon.api.post(f"/containers/{container}/pause").status == 204
    assert state(daemon.api, container)["Status"] == "paused"
    assert daemon.api.post(f"/containers/{container}/pause").status == 409
    assert daemon.api.post(f"/containers/{container}/unpause").status == 204
    assert state(daemon.api, container)["Status"] == "running"
    assert daemon.api.post(f"/containers/{container}/unpause").status in {409, 500}


def test_a_paused_container_can_be_removed_by_force(daemon):
    container = start(daemon.api, "sleep", "60")
    daemon.api.post(f"/containers/{container}/pause")
    assert daemon.api.delete(f"/containers/{container}", force=True).status == 204


def test_wait_sends_its_head_before_the_end(daemon):
    container = create(daemon.api, "sh", "-c", "exit 5")
    response = daemon.api.open("POST", f"/containers/{container}/wait", condition="next-exit")
    assert response.status == 200
    daemon.api.post(f"/containers/{container}/start")
    assert b'"StatusCode":5' in response.read()
    response.close()


def test_wait_for_removal_ends_with_it(daemon):
    container = create(daemon.api, "true", host={"AutoRemove": True})
    response = daemon.api.open("POST", f"/containers/{container}/wait", condition="removed")
    daemon.api.post(f"/containers/{container}/start")
    assert b'"StatusCode":0' in response.read()
    response.close()
    assert daemon.api.get(f"/containers/{container}/json").status == 404


def test_wait_with_another_condition_is_refused(daemon):
    container = create(daemon.api)
    answer = daemon.api.post(f"/containers/{container}/wait", condition="tomorrow")
    assert answer.status == 400


def test_rename_changes_the_name_and_refuses_a_taken_one(daemon):
    create(daemon.api, name="one")
    create(daemon.api, name="two")
    assert daemon.api.post("/containers/one/rename", name="three").status == 204
    assert inspect(daemon.api, "three")["Name"] == "/three"
    assert daemon.api.post("/containers/three/rename", name="two").status == 409
    assert daemon.api.get("/containers/one/json").status == 404


def test_update_changes_limits_of_a_running_container(daemon):
    container = start(daemon.api, "sleep", "60", host={"Memory": 64 << 20})
    answer = daemon.api.post(
        f"/containers/{container}/update", {"Memory": 128 << 20, "MemorySwap": 256 << 20}
    )
    assert answer.status == 200, answer
    assert inspect(daemon.api, container)["HostConfig"]["Memory"] == 128 << 20


def test_a_running_container_is_removed_only_by_force(daemon):
    container = start(daemon.api, "sleep", "60")
    answer = daemon.api.delete(f"/containers/{container}")
    assert answer.status == 409
    assert "container is running" in answer.message
    assert daemon.api.delete(f"/containers/{container}", force=True).status == 204
    assert daemon.api.get(f"/containers/{container}/json").status == 404


def test_an_out_of_memory_kill_is_shown(daemon):
    container = start(
        daemon.api,
        *("sh", "-c", "x=$(head -c 300m /dev/zero | tr '\\0' x); echo ${#x}"),
        host={"Memory": 50 << 20, "MemorySwap": 50 << 20},
    )
    assert wait(daemon.api, container) == 137
    assert state(daemon.api, container)["OOMKilled"]


def test_a_restart_policy_brings_a_failed_program_back(daemon):
    container = start(
        daemon.api,
        *("sh", "-c", "echo again; exit 1"),
        host={"RestartPolicy": {"Name": "on-failure", "MaximumRetryCount": 2}},
    )
    with daemon.api.open(
        "GET", f"/containers/{container}/logs", stdout=True, follow=True
    ) as response:
        response.read()
        response.close()
    wait(daemon.api, container)
    assert inspect(daemon.api, container)["RestartCount"] <= 2


@pytest.mark.parametrize("code", [0, 1, 255])
def test_exit_codes_are_kept(daemon, code):
    assert run(daemon.api, "sh", "-c", f"exit {code}")[0] == code


def test_health_checks_are_run(daemon):
    container = start(
        daemon.api,
        *("sleep", "60"),
        Healthcheck={"Test": ["CMD-SHELL", "echo fine"], "Interval": 50_000_000},
    )
    events = daemon.api.open(
        "GET",
        "/events",
        since="0",
        filters={"container": [container], "event": ["health_status: healthy"]},
    )
    assert b"health_status: healthy" in events.readline()
    events.close()
    assert state(daemon.api, container)["Health"]["Status"] == "healthy"


def test_the_end_of_a_terminal_is_seen(daemon):
    container = create(
        daemon.api, "cat", Tty=True, OpenStdin=True, StdinOnce=True, AttachStdin=True
    )
    _head, sock = daemon.api.hijack(
        f"/containers/{container}/attach?stream=1&stdin=1&stdout=1&stderr=1"
    )
    daemon.api.post(f"/containers/{container}/start")
    with sock:
        sock.sendall(b"hello\n")
        read_until(sock, b"hello\r\nhello\r\n")
        sock.sendall(b"\x04")
        assert wait(daemon.api, container) == 0
