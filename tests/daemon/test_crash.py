"""kill -9 in the middle of things: the daemon, the launcher, a monitor. The next start is clean."""

import hashlib
import io
import json
import os
import select
import signal
import socket
import tarfile
from pathlib import Path

import pytest
from tests.support.containers import create, run, start, state, wait

from sampan.cgroup.detect import detect
from sampan.cgroup.waiting import wait_until


def processes(daemon, name):
    """Our processes of a kind, by the name they show."""
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            words = (entry / "cmdline").read_bytes() + b" " + (entry / "comm").read_bytes()
            parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
        except (FileNotFoundError, ProcessLookupError):
            continue
        if name in words and (parent == daemon.pid or str(daemon.root).encode() in words):
            found.append(int(entry.name))
    return found


def gone(pid):
    """Wait until a process has ended."""
    try:
        pidfd = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    ended = bool(select.select([pidfd], [], [], 20)[0])
    os.close(pidfd)
    return ended


def send_half(daemon, target, body, declared):
    """A request whose body is not whole; the socket."""
    sock = socket.socket(socket.AF_UNIX)
    sock.connect(daemon.socket)
    head = f"POST {target} HTTP/1.1\r\nHost: x\r\nContent-Length: {declared}\r\n\r\n"
    sock.sendall(head.encode() + body)
    return sock


def leftovers(daemon):
    """What is below the roots and belongs to nothing."""
    known = {each["Id"] for each in daemon.api.get("/containers/json", all=True).json}
    running = {each["Id"] for each in daemon.api.get("/containers/json").json}
    return [
        *(set(os.listdir(daemon.root / "exec/tasks")) - running),
        *(set(os.listdir(daemon.root / "data/containers")) - known),
        *os.listdir(daemon.root / "data/content/ingest"),
        *os.listdir(daemon.root / "data/tmp"),
    ]


def is_clean(daemon):
    """Wait until nothing is left over: answers come before the last of the clearing up."""
    for _ in range(500):
        found = leftovers(daemon)
        if not found:
            return
    raise AssertionError(f"left over: {found}")


@pytest.mark.parametrize("answers", [0, 1])
def test_a_kill_while_containers_start_leaves_nothing_half_done(own_daemon, answers):
    daemon = own_daemon
    containers = [create(daemon.api, "sleep", "600") for _ in range(4)]
    socks = []
    for container in containers:
        sock = socket.socket(socket.AF_UNIX)
        sock.settimeout(20)
        sock.connect(daemon.socket)
        sock.sendall(f"POST /containers/{container}/start HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        socks.append(sock)
    for sock in socks[:answers]:
        assert b" 204 " in sock.recv(1000)
    daemon.kill()
    for sock in socks:
        sock.close()
    daemon.start()
    is_clean(daemon)
    for container in containers:
        found = state(daemon.api, container)
        assert found["Running"] == (found["Pid"] != 0)
        if not found["Running"]:
            assert daemon.api.post(f"/containers/{container}/start").status == 204
        assert daemon.api.delete(f"/containers/{container}", force=True).status == 204
    is_clean(daemon)


def archive():
    """An archive with one image that is not there yet."""
    layer = io.BytesIO()
    with tarfile.open(fileobj=layer, mode="w") as tar:
        entry = tarfile.TarInfo("big")
        entry.size = 4 << 20
        tar.addfile(entry, io.BytesIO(bytes(entry.size)))
    diff = f"sha256:{hashlib.sha256(layer.getvalue()).hexdigest()}"
    config = {
        "architecture": machine(),
        "os": "linux",
        "config": {},
        "rootfs": {"type": "layers", "diff_ids": [diff]},
    }
    manifest = [{"Config": "config.json", "RepoTags": ["new:1"], "Layers": ["layer.tar"]}]
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        for name, data in (
            ("config.json", json.dumps(config).encode()),
            ("layer.tar", layer.getvalue()),
            ("manifest.json", json.dumps(manifest).encode()),
        ):
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            tar.addfile(entry, io.BytesIO(data))
    return out.getvalue()


def machine():
    return {"x86_64": "amd64", "aarch64": "arm64"}[os.uname().machine]


def half_loaded(daemon):
    """A load that has begun to unpack a layer and will get no further; its socket."""
    layers = daemon.root / "data/layers"
    before = sum(1 for _ in layers.rglob("*"))
    data = archive()
    sock = send_half(daemon, "/images/load", data[: len(data) // 2], len(data))
    while sum(1 for _ in layers.rglob("*")) == before:
        assert daemon.api.get("/_ping").status == 200
    return sock


def test_a_whole_archive_can_be_loaded(own_daemon):
    answer = own_daemon.api.post("/images/load", body=archive())
    assert "Loaded image: new:1" in answer.lines[-1]["stream"]


def test_a_kill_in_the_middle_of_a_load_leaves_no_half_image(own_daemon):
    daemon = own_daemon
    before = daemon.api.get("/images/json").json
    layers = os.listdir(daemon.root / "data/layers/overlay")
    sock = half_loaded(daemon)
    daemon.kill()
    sock.close()
    daemon.start()
    is_clean(daemon)
    assert daemon.api.get("/images/json").json == before
    assert os.listdir(daemon.root / "data/layers/overlay") == layers
    assert daemon.api.post("/images/load", body=archive()).status == 200
    assert run(daemon.api, "echo", "hi") == (0, "hi\n")


@pytest.mark.parametrize("who", ["client", "daemon"])
def test_a_load_that_is_given_up_leaves_nothing_and_no_traceback(own_daemon, who):
    daemon = own_daemon
    layers = os.listdir(daemon.root / "data/layers/overlay")
    sock = half_loaded(daemon)
    if who == "client":
        sock.close()
    assert daemon.stop() == 0
    sock.close()
    assert os.listdir(daemon.root / "data/layers/overlay") == layers
    daemon.start()
    is_clean(daemon)
    assert "Traceback" not in daemon.log.read_text()


def test_a_kill_in_the_middle_of_a_commit_leaves_no_half_image(own_daemon):
    daemon = own_daemon
    container = start(daemon.api, "dd", "if=/dev/urandom", "of=/big", "bs=1M", "count=40")
    assert wait(daemon.api, container) == 0
    target = f"/commit?container={container}&repo=big"
    sock = send_half(daemon, target, b"", 0)
    while not (
        os.listdir(daemon.root / "data/content/ingest") or os.listdir(daemon.root / "data/tmp")
    ):
        if select.select([sock], [], [], 0)[0]:
            break  # it was faster than we
    daemon.kill()
    sock.close()
    daemon.start()
    is_clean(daemon)
    answer = daemon.api.post("/commit", container=container, repo="big")
    assert answer.status == 201, answer


def test_the_launcher_is_replaced_when_it_dies(own_daemon):
    daemon = own_daemon
    container = start(daemon.api, "sleep", "600")
    [launcher] = processes(daemon, b"sampan: zygote")
    os.kill(launcher, signal.SIGKILL)
    assert gone(launcher)
    assert state(daemon.api, container)["Running"]
    events = daemon.api.open("GET", "/events", since="0")
    events.close()
    while not processes(daemon, b"sampan: zygote"):
        assert daemon.api.get("/_ping").status == 200
    assert run(daemon.api, "echo", "hi") == (0, "hi\n")


def test_a_container_whose_monitor_dies_ends_and_can_be_started_again(own_daemon):
    daemon = own_daemon
    container = start(daemon.api, "sleep", "600")
    pid = state(daemon.api, container)["Pid"]
    parent = int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    os.kill(parent, signal.SIGKILL)
    assert wait(daemon.api, container) != 0
    assert gone(pid)
    group = detect().group(f"/sampan/{container}")
    assert wait_until(lambda: not group.exists(), 10)
    assert daemon.api.post(f"/containers/{container}/start").status == 204
    assert state(daemon.api, container)["Running"]
    assert daemon.api.delete(f"/containers/{container}", force=True).status == 204
    is_clean(daemon)


def test_a_container_frozen_just_before_a_kill_is_known_as_paused(own_daemon):
    daemon = own_daemon
    container = start(daemon.api, "sleep", "600")
    # What a daemon leaves that is killed between freezing and writing it down.
    daemon.kill()
    group = detect().group(f"/sampan/{container}")
    group.freeze()
    daemon.start()
    assert state(daemon.api, container)["Paused"]
    assert daemon.api.post(f"/containers/{container}/unpause").status == 204
    made = daemon.api.post(f"/containers/{container}/exec", {"Cmd": ["true"]}).json["Id"]
    assert daemon.api.post(f"/exec/{made}/start", {"Detach": True}).status == 200
    daemon.kill()
    group.freeze()
    daemon.start()
    assert daemon.api.delete(f"/containers/{container}", force=True).status == 204
    is_clean(daemon)
