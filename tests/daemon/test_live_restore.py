"""Containers outlive their daemon: stop, kill -9, and the next start."""

import os
import select
import socket
import time

from tests.support.containers import (
    create,
    frames,
    inspect,
    read_all,
    start,
    start_ready,
    state,
    wait,
)


def logs(daemon, container):
    body = daemon.api.get(f"/containers/{container}/logs", stdout=True).body
    return b"".join(part for _n, part in frames(body))


def test_a_container_runs_on_through_a_stop_and_a_start(own_daemon):
    daemon = own_daemon
    container = start_ready(
        daemon.api, "trap 'exit 9' TERM; echo ready; while :; do sleep 0.01; done"
    )
    pid = state(daemon.api, container)["Pid"]
    daemon.stop()
    daemon.start()
    found = state(daemon.api, container)
    assert (found["Running"], found["Pid"]) == (True, pid)
    daemon.api.post(f"/containers/{container}/stop")
    assert state(daemon.api, container)["ExitCode"] == 9


def test_a_container_runs_on_through_a_kill_of_the_daemon(own_daemon):
    daemon = own_daemon
    container = start(
        daemon.api, "sh", "-c", "while [ ! -e /go ]; do sleep 0.01; done; echo went; exit 4"
    )
    daemon.kill()
    daemon.start()
    made = daemon.api.post(f"/containers/{container}/exec", {"Cmd": ["touch", "/go"]}).json["Id"]
    daemon.api.post(f"/exec/{made}/start", {"Detach": True})
    assert wait(daemon.api, container) == 4
    assert logs(daemon, container) == b"went\n"


def test_an_end_while_the_daemon_was_away_is_booked(own_daemon):
    daemon = own_daemon
    container = start(
        daemon.api,
        *("sh", "-c", "while [ ! -e /v/go ]; do sleep 0.01; done; echo bye; exit 6"),
        host={"Binds": [f"{daemon.root}:/v"]},
    )
    pid = state(daemon.api, container)["Pid"]
    daemon.kill()
    (daemon.root / "go").touch()
    pidfd = os.pidfd_open(pid)
    select.select([pidfd], [], [], 30)
    os.close(pidfd)
    daemon.start()
    found = state(daemon.api, container)
    assert (found["Status"], found["ExitCode"]) == ("exited", 6)
    assert logs(daemon, container) == b"bye\n"


def test_what_was_created_is_still_there(own_daemon):
    daemon = own_daemon
    container = create(daemon.api, "true", name="kept")
    daemon.api.post("/volumes/create", {"Name": "data"})
    daemon.kill()
    daemon.start()
    assert inspect(daemon.api, "kept")["Id"] == container
    assert daemon.api.get("/volumes/data").status == 200
    assert daemon.api.get("/images/busybox/json").status == 200


def test_a_container_that_should_always_run_is_started_again(own_daemon):
    daemon = own_daemon
    container = start(daemon.api, "sleep", "600", host={"RestartPolicy": {"Name": "always"}})
    pid = state(daemon.api, container)["Pid"]
    daemon.kill()
    daemon.start()
    assert state(daemon.api, container)["Pid"] == pid


def connect(port):
    """Connect; the web server may need a moment to listen."""
    until = time.monotonic() + 10
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port), 10)
        except ConnectionRefusedError:
            assert time.monotonic() < until


def fetch(port):
    with connect(port) as client:
        client.settimeout(10)
        client.sendall(b"GET /index.html HTTP/1.0\r\n\r\n")
        return read_all(client).rpartition(b"\r\n")[2]


def test_ten_containers_serve_while_the_daemon_is_dead_and_are_taken_over(own_daemon):
    daemon = own_daemon
    ports = {}
    for number in range(10):
        script = f"echo {number} > /tmp/index.html; echo ready; exec httpd -f -p 80 -h /tmp"
        container = start_ready(
            daemon.api,
            script,
            ExposedPorts={"80/tcp": {}},
            host={"PortBindings": {"80/tcp": [{"HostIp": "127.0.0.1", "HostPort": ""}]}},
        )
        [binding] = inspect(daemon.api, container)["NetworkSettings"]["Ports"]["80/tcp"]
        ports[container] = int(binding["HostPort"])
    daemon.kill()
    for number, port in enumerate(ports.values()):
        assert fetch(port) == b"%d\n" % number
    daemon.start()
    for number, (container, port) in enumerate(ports.items()):
        assert fetch(port) == b"%d\n" % number
        assert logs(daemon, container) == b"ready\n"
        assert daemon.api.post(f"/containers/{container}/stop", t=0).status == 204
        assert state(daemon.api, container)["ExitCode"] == 137
    assert daemon.api.get("/containers/json").json == []
    again = start(
        daemon.api,
        "true",
        host={"PortBindings": {"80/tcp": [{"HostPort": str(port)}]}},
        ExposedPorts={"80/tcp": {}},
    )
    assert wait(daemon.api, again) == 0
