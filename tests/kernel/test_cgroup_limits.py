"""Limits, enforced by this machine's kernel: v1, hybrid or v2 alike."""

import os
import time

import pytest
from tests.support.cgroups import finish, group_in, run_inside

from sampan.cgroup.detect import detect
from sampan.cgroup.driver import Cgroup
from sampan.cgroup.waiting import wait_until

pytestmark = pytest.mark.root

HERE = detect()
V2 = HERE.version == "v2"
MIB = 1 << 20

EAT = "a = [b'x' * (1 << 20) for _ in range({})]; print('ate', flush=True)"
# CPU seconds used in a second by the clock.
SPIN = """
import time
begun, end = time.process_time(), time.monotonic() + {}
while time.monotonic() < end: pass
print(time.process_time() - begun)
"""


@pytest.fixture
def group():
    with group_in(HERE) as group:
        yield group


@pytest.fixture
def other():
    with group_in(HERE) as group:
        yield group


def value(group: Cgroup, controller: str, file: str) -> str:
    with open(f"{group.directory(controller)}/{file}") as lines:
        return lines.read().strip()


def test_process_beyond_its_memory_is_killed_and_counted(group):
    assert group.create({"memory": {"limit": 40 * MIB, "swap": 40 * MIB}}) == []
    assert finish(run_inside(group, EAT.format(10)))[0] == 0
    assert group.oom_kills() == 0
    assert finish(run_inside(group, EAT.format(100)))[0] == -9
    assert group.oom_kills() == 1
    stats = group.stats()
    assert stats.memory_limit == 40 * MIB
    assert 30 * MIB < stats.memory_peak <= 40 * MIB


def test_memory_limit_can_be_raised_and_lowered_live(group):
    group.create({"memory": {"limit": 40 * MIB, "swap": 40 * MIB}})
    # Up, memory+swap has to go first in v1; down, last.
    group.update({"memory": {"limit": 300 * MIB, "swap": 300 * MIB}})
    assert finish(run_inside(group, EAT.format(100)))[0] == 0
    group.update({"memory": {"limit": 30 * MIB, "swap": 30 * MIB}})
    assert finish(run_inside(group, EAT.format(100)))[0] == -9


def test_memory_reservation_is_set(group):
    group.create({"memory": {"reservation": 20 * MIB}})
    file = "memory.low" if V2 else "memory.soft_limit_in_bytes"
    assert value(group, "memory", file) == str(20 * MIB)


def test_refused_value_names_file_value_and_reason(group):
    with pytest.raises(OSError, match=r"cannot write '999' to cpuset\.cpus"):
        group.create({"cpu": {"cpus": "999"}})


@pytest.mark.parametrize("kernel_memory", [{"kernel": 50 * MIB}])
def test_limit_the_kernel_does_not_know_becomes_a_warning(group, kernel_memory):
    warnings = group.create({"memory": kernel_memory})
    if not warnings and not V2:
        pytest.skip("this kernel still limits kernel memory")
    assert warnings == [
        "Your kernel does not support kernel memory limit capabilities or the cgroup is not "
        "mounted. Limitation discarded."
    ]


def test_block_weight_is_set_or_warned_about(group):
    warnings = group.create({"blockIO": {"weight": 300}})
    assert warnings in (
        [],
        [
            "Your kernel does not support Block I/O weight or the cgroup is not mounted. "
            "Weight discarded."
        ],
    )


def test_quota_bounds_cpu_time(group):
    group.create({"cpu": {"period": 20_000, "quota": 5_000}})
    used = float(finish(run_inside(group, SPIN.format(0.6)))[1])
    assert 0.05 < used < 0.3
    stats = group.stats()
    assert stats.throttled_periods > 0
    assert stats.throttled_time > 0


def test_quota_can_be_changed_and_lifted_live(group):
    group.create({"cpu": {"period": 20_000, "quota": 5_000}})
    group.update({"cpu": {"period": 100_000, "quota": 50_000}})
    group.update({"cpu": {"period": 50_000, "quota": -1}})
    if V2:
        assert value(group, "cpu", "cpu.max") == "max 50000"
    else:
        assert value(group, "cpu", "cpu.cfs_quota_us") == "-1"


def test_shares_ten_and_five_on_one_cpu_get_two_to_one(group, other):
    one = str(min(os.sched_getaffinity(0)))
    group.create({"cpu": {"shares": 10, "cpus": one}})
    other.create({"cpu": {"shares": 5, "cpus": one}})
    for each in (group, other):
        process = run_inside(each, "print('in', flush=True)\nwhile True: pass")
        assert process.stdout.readline() == "in\n"

    def used():
        return [each.stats().cpu_total for each in (group, other)]

    before = used()
    assert wait_until(lambda: sum(used()) - sum(before) > 1_500_000_000, 60)
    more, less = (now - then for now, then in zip(used(), before, strict=True))
    assert 1.4 < more / less < 2.8


def test_cpuset_binds_to_its_cpus(group):
    one = str(max(os.sched_getaffinity(0)))
    group.create({"cpu": {"cpus": one, "mems": "0"}})
    code = "import os; print(*os.sched_getaffinity(0))"
    assert finish(run_inside(group, code))[1].split() == [one]


def test_pids_limit_stops_a_fork_bomb(group):
    group.create({"pids": {"limit": 5}})
    code = """
import os, signal
made = []
try:
    while True:
        pid = os.fork()
        if not pid:
            signal.pause()
        made.append(pid)
except BlockingIOError:
    print(len(made))
for pid in made:
    os.kill(pid, 9)
"""
    assert finish(run_inside(group, code))[1] == "4\n"
    assert group.stats().pids_limit == 5
    group.update({"pids": {"limit": -1}})
    assert group.stats().pids_limit == -1


def test_write_throttle_slows_a_disk(group, tmp_path):
    device = disk_of(tmp_path)
    if not device:
        pytest.skip("the temporary directory is not on a whole disk")
    major, minor = device
    limit = {"major": major, "minor": minor, "rate": 2 * MIB}
    assert group.create({"blockIO": {"throttleWriteBpsDevice": [limit]}}) == []
    code = f"""
import mmap, os
fd = os.open({str(tmp_path / "file")!r}, os.O_WRONLY | os.O_CREAT | os.O_DIRECT)
block = mmap.mmap(-1, 1 << 19)
for _ in range(4):
    os.write(fd, block)
"""
    start = time.monotonic()
    assert finish(run_inside(group, code)) == (0, "", "")
    assert time.monotonic() - start > 0.6
    counts = group.stats().blkio["io_service_bytes_recursive"]
    written = [c.value for c in counts if c.op.lower() == "write" and c.major == major]
    assert sum(written) >= 2 * MIB


def disk_of(path) -> tuple[int, int] | None:
    number = path.stat().st_dev
    major, minor = os.major(number), os.minor(number)
    whole = os.path.isdir(f"/sys/dev/block/{major}:{minor}/queue")
    return (major, minor) if whole else None


def test_throttle_of_a_disk_that_is_not_there_is_refused(group):
    limit = {"major": 250, "minor": 77, "rate": 1000}
    with pytest.raises(OSError, match="cannot write '250:77"):
        group.create({"blockIO": {"throttleReadBpsDevice": [limit]}})


def test_stats_count_what_was_used(group):
    group.create({"memory": {"limit": 200 * MIB}})
    process = run_inside(
        group,
        "import sys, time\na = b'x' * (30 << 20)\nend = time.monotonic() + .1\n"
        "while time.monotonic() < end: pass\nprint('in', flush=True); sys.stdin.readline()",
        stdin=-1,
    )
    assert process.stdout.readline() == "in\n"
    stats = group.stats()
    assert stats.version == (2 if V2 else 1)
    assert stats.pids == 1
    assert 30 * MIB < stats.memory_usage < 200 * MIB
    assert 30 * MIB < stats.memory_used() <= stats.memory_usage
    assert 50_000_000 < stats.cpu_total < 10_000_000_000
    assert stats.cpu_user > 0
    assert finish(process)[0] == 0


def test_group_that_is_gone_has_empty_stats(group):
    stats = group.stats()
    assert (stats.pids, stats.memory_usage, stats.cpu_total) == (0, 0, 0)
    assert group.oom_kills() == 0


@pytest.mark.skipif(not V2, reason="v1 has no unified resources")
def test_unified_resources_are_written_as_they_are(group):
    assert group.create({"unified": {"memory.high": str(30 * MIB), "no.such": "1"}}) == [
        "Your kernel does not support the unified resource no.such or the cgroup is not "
        "mounted. Value discarded."
    ]
    assert value(group, "memory", "memory.high") == str(30 * MIB)
