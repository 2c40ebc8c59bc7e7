"""The whole engine on cgroup v2: what a user does with limits, through the API."""

import os
import re

import pytest
from tests.support import daemon as support
from tests.support.daemon import Daemon

from sampan.cgroup.waiting import wait_until

pytestmark = [pytest.mark.vm, pytest.mark.root, pytest.mark.timeout(300)]

MIB = 1 << 20


@pytest.fixture(scope="module")
def daemon(tmp_path_factory):
    # Emulated, everything takes its time.
    support.START_SECONDS = 120
    daemon = Daemon(tmp_path_factory.mktemp("d"))
    daemon.start()
    try:
        daemon.load_busybox()
        yield daemon
    finally:
        daemon.remove()


class Container:
    """One container, started."""

    def __init__(self, daemon, *command, **host):
        self.api = daemon.api
        answer = self.api.post(
            "/containers/create",
            {"Image": "busybox", "Cmd": list(command), "HostConfig": host},
        )
        assert answer.status == 201, answer
        self.path = f"/containers/{answer.json['Id']}"
        self.warnings = answer.json["Warnings"]
        started = self.api.post(f"{self.path}/start")
        assert started.status == 204, started

    def wait(self) -> int:
        return self.api.post(f"{self.path}/wait", timeout=120).json["StatusCode"]

    def state(self):
        return self.api.get(f"{self.path}/json").json["State"]

    def output(self) -> str:
        # Frames of eight bytes head; all output here is short.
        raw = self.api.get(f"{self.path}/logs", stdout=True, stderr=True).body
        return re.sub(rb"[\x01\x02]\0\0\0....", b"", raw, flags=re.DOTALL).decode()

    def exec(self, *command) -> tuple[int, str]:
        made = self.api.post(
            f"{self.path}/exec", {"Cmd": list(command), "AttachStdout": True, "AttachStderr": True}
        )
        number = made.json["Id"]
        raw = self.api.post(f"/exec/{number}/start", {"Detach": False, "Tty": False}).body
        text = re.sub(rb"[\x01\x02]\0\0\0....", b"", raw, flags=re.DOTALL).decode()
        return self.api.get(f"/exec/{number}/json").json["ExitCode"], text

    def remove(self):
        answer = self.api.delete(self.path, force=True)
        assert answer.status in (204, 404), answer


@pytest.fixture
def run(daemon):
    made = []

    def run(*command, **host):
        made.append(Container(daemon, *command, **host))
        return made[-1]

    yield run
    for container in made:
        container.remove()


def test_info_says_version_2(daemon):
    info = daemon.api.get("/info").json
    assert info["CgroupVersion"] == "2"
    assert info["MemoryLimit"]
    assert info["PidsLimit"]


def test_container_runs_and_tells_its_exit_code(run):
    container = run("sh", "-c", "echo hello from $(cat /proc/self/cgroup); exit 3")
    assert container.wait() == 3
    assert container.output() == "hello from 0::/\n"


def test_limits_are_what_the_kernel_says_inside(run):
    container = run(
        "sh", "-c",
        "cd /sys/fs/cgroup; cat memory.max memory.swap.max memory.low cpu.max cpu.weight pids.max",
        Memory=64 * MIB, MemorySwap=96 * MIB, MemoryReservation=32 * MIB,
        NanoCpus=500_000_000, CpuShares=1024, PidsLimit=50,
    )  # fmt: skip
    assert container.wait() == 0
    assert container.output().split() == [
        str(64 * MIB), str(32 * MIB), str(32 * MIB), "50000", "100000", "100", "50",
    ]  # fmt: skip


def test_container_beyond_its_memory_is_killed_and_shown_so(run):
    container = run(
        "sh", "-c", "head -c 100m /dev/zero | tail", Memory=20 * MIB, MemorySwap=20 * MIB
    )
    assert container.wait() == 137
    assert container.state()["OOMKilled"]


def test_container_that_ends_well_was_not_killed(run):
    container = run("true", Memory=20 * MIB)
    assert container.wait() == 0
    assert not container.state()["OOMKilled"]


def test_pause_freezes_and_unpause_goes_on(run):
    container = run("sh", "-c", "while true; do sleep 0.05; done")
    assert container.api.post(f"{container.path}/pause").status == 204
    assert container.state()["Status"] == "paused"
    events = "/sys/fs/cgroup/cgroup.events"
    assert container.api.post(f"{container.path}/unpause").status == 204
    assert "frozen 0" in container.exec("cat", events)[1]


def test_paused_container_can_be_removed_by_force(run):
    container = run("sleep", "1000")
    assert container.api.post(f"{container.path}/pause").status == 204


def test_devices_are_limited_to_the_default_ones(run):
    container = run(
        "sh", "-c",
        "mknod /dev/vda b 254 0; cat /dev/vda >/dev/null; cat /dev/null; "
        "head -c 4 /dev/zero | wc -c",
    )  # fmt: skip
    assert container.wait() == 0
    assert container.output() == ("cat: can't open '/dev/vda': Operation not permitted\n4\n")


def test_device_given_can_be_read_but_not_written(run):
    device = {"PathOnHost": "/dev/vda", "PathInContainer": "/dev/disk", "CgroupPermissions": "r"}
    container = run("sh", "-c", "head -c 4 /dev/disk | wc -c; echo x > /dev/disk", Devices=[device])
    container.wait()
    assert container.output() == "4\nsh: can't create /dev/disk: Operation not permitted\n"


def test_privileged_container_may_open_devices(run):
    container = run("sh", "-c", "head -c 4 /dev/vda | wc -c", Privileged=True)
    assert container.wait() == 0
    assert container.output() == "4\n"


def test_exec_is_inside_the_same_limits(run):
    container = run("sleep", "1000", PidsLimit=20)
    status, text = container.exec("sh", "-c", "cat /sys/fs/cgroup/pids.max /proc/self/cgroup")
    assert (status, text) == (0, "20\n0::/\n")


def test_update_changes_limits_live(run):
    container = run("sleep", "1000", Memory=64 * MIB, MemorySwap=64 * MIB)
    answer = container.api.post(
        f"{container.path}/update",
        {"Memory": 32 * MIB, "MemorySwap": 32 * MIB, "PidsLimit": 30, "CpuShares": 512},
    )
    assert answer.status == 200, answer
    words = container.exec("sh", "-c", "cd /sys/fs/cgroup; cat memory.max pids.max cpu.weight")[
        1
    ].split()
    assert words == [str(32 * MIB), "30", "59"]


def test_stats_show_the_numbers_of_version_2(run):
    container = run("sh", "-c", "i=0; while true; do i=$((i+1)); done", Memory=64 * MIB)
    stats = container.api.get(f"{container.path}/stats", stream=False).json
    assert stats["memory_stats"]["limit"] == 64 * MIB
    assert 0 < stats["memory_stats"]["usage"] < 64 * MIB
    assert "inactive_file" in stats["memory_stats"]["stats"]
    assert stats["pids_stats"]["current"] == 1
    assert stats["cpu_stats"]["cpu_usage"]["total_usage"] > 0
    assert stats["networks"]["eth0"]["tx_packets"] >= 0


def test_shares_ten_and_five_on_one_cpu_get_two_to_one(run):
    busy = "while true; do :; done"
    first = run("sh", "-c", busy, CpuShares=10, CpusetCpus="0")
    second = run("sh", "-c", busy, CpuShares=5, CpusetCpus="0")

    def used():
        text = [c.exec("cat", "/sys/fs/cgroup/cpu.stat")[1] for c in (first, second)]
        return [int(re.search(r"usage_usec (\d+)", each)[1]) for each in text]

    before = used()
    # The clock that matters is the CPU's: wait until the two have used two seconds of it.
    assert wait_until(lambda: sum(used()) - sum(before) > 2_000_000, 100)
    gone = [now - then for now, then in zip(used(), before, strict=True)]
    assert 1.4 < gone[0] / gone[1] < 2.8


def test_group_of_a_removed_container_is_gone(run):
    container = run("sleep", "1000")
    identity = container.path.rpartition("/")[2]
    groups = [path for path, _, _ in os.walk("/sys/fs/cgroup") if identity in path]
    assert len(groups) == 1
    container.remove()
    assert not os.path.exists(groups[0])
