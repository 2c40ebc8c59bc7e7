"""What sampan.cgroup.driver promises, on every hierarchy this machine has.

A hybrid machine has a v2 tree without controllers: what needs none (joining, freezing, killing,
device programs, removal) is tried there as well. `make test-vm` runs all of it on a machine with
v2 alone.
"""

import json
import os
import select
import signal

import pytest
from tests.support.cgroups import finish, group_in, run_inside

from sampan.cgroup.detect import Hierarchy, detect
from sampan.cgroup.driver import from_dict

pytestmark = pytest.mark.root

HERE = detect()
TREES = {"v2" if HERE.version == "v2" else "v1": HERE}
if HERE.version == "hybrid":
    TREES["v2 tree of a hybrid"] = Hierarchy({}, HERE.unified)

ECHO = "import sys; print('in', flush=True); sys.stdin.readline()"
NULL = {"allow": True, "type": "c", "major": 1, "minor": 3, "access": "rwm"}
DENY = {"allow": False, "access": "rwm"}
OPEN = """
import os
for name, flags in (("null", os.O_RDWR), ("zero", os.O_RDONLY), ("zero", os.O_WRONLY)):
    try:
        os.close(os.open("/dev/" + name, flags))
        print(name, "open")
    except OSError as error:
        print(name, error.strerror)
"""


@pytest.fixture(params=TREES)
def group(request):
    with group_in(TREES[request.param]) as group:
        yield group


def started(group, code=ECHO):
    process = run_inside(group, code, stdin=-1)
    assert process.stdout.readline() == "in\n"
    return process


def test_create_and_remove_can_be_repeated(group):
    assert not group.exists()
    assert group.create({}) == []
    assert group.create({}) == []
    assert group.exists()
    group.remove()
    assert not group.exists()
    group.remove()


def test_description_names_the_same_group(group):
    group.create({})
    again = from_dict(json.loads(json.dumps(group.to_dict())))
    assert again.paths() == group.paths()
    again.remove()
    assert not group.exists()


def test_process_inside_is_listed(group):
    group.create({})
    process = started(group)
    assert group.pids() == [process.pid]
    finish(process)
    assert group.pids() == []


def test_processes_of_groups_below_are_listed(group):
    group.create({})
    process = started(group)
    description = group.to_dict()
    nested = from_dict({**description, "path": f"{description['path']}/nested"})
    if description["version"] == 1:
        nested.create({})
    else:
        # create would hand controllers down, which v2 refuses while processes are above.
        os.mkdir(*nested.paths().values())
    inner = started(nested)
    assert sorted(group.pids()) == sorted([process.pid, inner.pid])
    finish(process)
    finish(inner)


def test_frozen_process_does_nothing_until_thawed(group):
    group.create({})
    process = started(group)
    assert not group.is_frozen()
    group.freeze()
    assert group.is_frozen()
    process.stdin.write("\n")
    process.stdin.flush()
    with pytest.raises(TimeoutError):
        wait_for(process, 0.05)
    group.thaw()
    assert not group.is_frozen()
    assert finish(process)[0] == 0


def wait_for(process, seconds):
    """Popen.wait naps; a pidfd tells."""
    fd = os.pidfd_open(process.pid)
    try:
        if not select.select([fd], [], [], seconds)[0]:
            raise TimeoutError
    finally:
        os.close(fd)


@pytest.mark.parametrize("frozen", [False, True])
def test_kill_ends_everything(group, frozen):
    group.create({})
    forks = "import os, signal; [os.fork() for _ in range(3)]; print('in', flush=True);"
    process = started(group, forks + "signal.pause()")
    if frozen:
        group.freeze()
    group.kill()
    assert finish(process)[0] == -signal.SIGKILL
    group.remove()
    assert group.pids() == []


def test_kill_of_an_absent_group_does_nothing(group):
    group.kill()


def test_remove_takes_what_the_container_made_below(group):
    group.create({})
    for directory in group.paths().values():
        os.makedirs(f"{directory}/a/b")
    group.remove()
    assert not group.exists()


def test_remove_of_a_populated_group_names_who_is_inside(group, monkeypatch):
    monkeypatch.setattr("sampan.cgroup.removal.PATIENCE", 0.01)
    group.create({})
    process = started(group)
    with pytest.raises(OSError, match=f"processes inside: {process.pid}"):
        group.remove()
    finish(process)


def test_devices_not_listed_cannot_be_opened(group):
    group.create({"devices": [DENY, NULL]})
    assert finish(run_inside(group, OPEN, stdin=0))[1].splitlines() == [
        "null open",
        "zero Operation not permitted",
        "zero Operation not permitted",
    ]


def test_device_rules_tell_reading_from_writing(group):
    zero = {"allow": True, "type": "c", "major": 1, "minor": 5, "access": "r"}
    group.create({"devices": [DENY, NULL, zero]})
    assert finish(run_inside(group, OPEN, stdin=0))[1].splitlines() == [
        "null open",
        "zero open",
        "zero Operation not permitted",
    ]


def test_device_rules_can_allow_all_but_some(group):
    everything = {"allow": True, "access": "rwm"}
    zero = {"allow": False, "type": "c", "major": 1, "minor": 5, "access": "w"}
    group.create({"devices": [everything, zero]})
    assert finish(run_inside(group, OPEN, stdin=0))[1].splitlines() == [
        "null open",
        "zero open",
        "zero Operation not permitted",
    ]


def test_device_rules_can_be_replaced(group):
    group.create({"devices": [DENY]})
    group.update({"devices": [DENY, {**NULL, "minor": None}]})
    assert finish(run_inside(group, OPEN, stdin=0))[1].splitlines() == [
        "null open",
        "zero open",
        "zero open",
    ]


def test_nodes_cannot_be_made_without_the_permission(group, tmp_path):
    group.create({"devices": [DENY, {**NULL, "access": "rw"}]})
    code = f"""
import os, stat
try:
    os.mknod({str(tmp_path / "node")!r}, stat.S_IFCHR | 0o600, os.makedev(1, 3))
except OSError as error:
    print(error.strerror)
"""
    assert finish(run_inside(group, code))[1] == "Operation not permitted\n"


def test_nothing_is_left_open(group):
    before = len(os.listdir("/proc/self/fd"))
    group.create({"devices": [DENY, NULL]})
    group.update({"devices": [DENY]})
    group.freeze()
    group.thaw()
    group.stats()
    group.oom_kills()
    group.kill()
    group.remove()
    assert len(os.listdir("/proc/self/fd")) == before
