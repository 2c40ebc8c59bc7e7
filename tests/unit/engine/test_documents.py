"""Docker's documents and words about containers."""

import pytest

from sampan.base import clock
from sampan.engine.containers.changes import own
from sampan.engine.containers.top import select
from sampan.engine.documents import container as documents
from sampan.engine.documents.humane import duration
from sampan.engine.trees.stat_document import go_mode
from sampan.errors import InvalidRequest
from sampan.schema.container import Health, State
from sampan.schema.container_config import ContainerConfig
from sampan.schema.host_config import HostConfig, PortBinding
from sampan.schema.mount import MountPoint
from sampan.state.containers import Container
from sampan.storage.driver import Change

HOUR = 3600


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.5, "Less than a second"),
        (1, "1 second"),
        (59, "59 seconds"),
        (61, "About a minute"),
        (180, "3 minutes"),
        (HOUR, "About an hour"),
        (5 * HOUR, "5 hours"),
        (50 * HOUR, "2 days"),
        (24 * HOUR * 20, "2 weeks"),
        (24 * HOUR * 90, "3 months"),
        (24 * HOUR * 365 * 3, "3 years"),
    ],
)
def test_durations_for_people(seconds: float, words: str) -> None:
    assert duration(seconds) == words


def state(**changes) -> State:
    made = State(started_at=clock.text(clock.NANO), finished_at=clock.text(2 * clock.NANO))
    for name, value in changes.items():
        setattr(made, name, value)
    return made


@pytest.mark.parametrize(
    ("made", "words"),
    [
        (State(), "Created"),
        (state(running=True), "Up 9 seconds"),
        (state(running=True, paused=True), "Up 9 seconds (Paused)"),
        (state(running=True, health=Health()), "Up 9 seconds (health: starting)"),
        (state(running=True, health=Health(status="healthy")), "Up 9 seconds (healthy)"),
        (state(running=True, restarting=True, exit_code=3), "Restarting (3) 8 seconds ago"),
        (state(exit_code=137), "Exited (137) 8 seconds ago"),
        (state(dead=True), "Dead"),
    ],
)
def test_status_words(made: State, words: str) -> None:
    assert documents.status(made, 10 * clock.NANO) == words


def container(**changes) -> Container:
    made = Container(
        id="c" * 64,
        name="web",
        created=clock.text(0),
        image_id="sha256:" + "1" * 64,
        config=ContainerConfig(image="busybox"),
        host_config=HostConfig(),
    )
    for name, value in changes.items():
        setattr(made, name, value)
    return made


def test_arguments_with_spaces_are_quoted() -> None:
    made = container(path="sh", args=["-c", "echo hi"])
    assert documents.command(made) == "sh -c 'echo hi'"


def test_ports_open_and_closed() -> None:
    made = container(
        ports={"80/tcp": [PortBinding(host_ip="::", host_port="8080")], "443/tcp": None}
    )
    assert documents.ports(made) == [
        {"IP": "::", "PrivatePort": 80, "Type": "tcp", "PublicPort": 8080},
        {"PrivatePort": 443, "Type": "tcp"},
    ]


def test_what_docker_leaves_out_is_left_out() -> None:
    made = container(mounts=[MountPoint(type="bind", source="/s", destination="/d")])
    around = documents.Surroundings({}, "", [], {}, "busybox")
    found = documents.inspect(made, around, [], [])
    assert "Healthcheck" not in found["Config"]
    assert "Health" not in found["State"]
    assert "Name" not in found["Mounts"][0]
    assert "SizeRw" not in found
    assert found["HostConfig"]["Binds"] is None
    assert found["Name"] == "/web"


def test_changes_leave_out_what_was_made_to_mount_on() -> None:
    found = [
        Change("/data", 0),
        Change("/data/gone", 2),
        Change("/etc", 0),
        Change("/etc/hosts", 1),
        Change("/mnt", 1),
        Change("/mnt/deep", 1),
        Change("/root", 0),
        Change("/root/f", 1),
    ]
    kept = [change.path for change in own(found, ["/etc/hosts", "/mnt/deep"])]
    assert kept == ["/data", "/data/gone", "/root", "/root/f"]


def test_a_directory_with_a_change_of_its_own_stays() -> None:
    found = [Change("/etc", 0), Change("/etc/hosts", 1), Change("/etc/passwd", 0)]
    assert [change.path for change in own(found, ["/etc/hosts"])] == ["/etc", "/etc/passwd"]


PS = """UID   PID  PPID CMD
root   12     1 sh -c  sleep 5
root   13     1 other
"""


def test_top_keeps_the_containers_processes() -> None:
    assert select(PS, {12}) == {
        "Titles": ["UID", "PID", "PPID", "CMD"],
        "Processes": [["root", "12", "1", "sh -c  sleep 5"]],
    }


def test_top_needs_the_pid() -> None:
    with pytest.raises(InvalidRequest, match="Couldn't find PID field"):
        select("CMD\nx\n", {1})


@pytest.mark.parametrize(
    ("mode", "go"),
    [(0o100644, 0o644), (0o040755, 1 << 31 | 0o755), (0o120777, 1 << 27 | 0o777),
     (0o104755, 1 << 23 | 0o755), (0o041777, 1 << 31 | 1 << 20 | 0o777)],
)  # fmt: skip
def test_modes_as_go_has_them(mode: int, go: int) -> None:
    assert go_mode(mode) == go
