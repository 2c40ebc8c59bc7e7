"""Containers that another OCI runtime makes under our monitor."""

import shutil
from pathlib import Path

import pytest
from tests.support.cgroups import group_in
from tests.support.runtime import Lab, finish

from sampan.cgroup.driver import detect
from sampan.runtime import messages

RUNC = shutil.which("runc") or ""
pytestmark = [pytest.mark.root, pytest.mark.skipif(not RUNC, reason="runc is not installed")]


@pytest.fixture
def lab(tmp_path):
    laboratory = Lab(tmp_path)
    yield laboratory
    laboratory.close()


@pytest.fixture
def group():
    with group_in(detect()) as place:
        yield place
    # runc makes one in the v2 tree of a hybrid machine as well, and leaves the parent.
    left = Path("/sys/fs/cgroup/unified" + place.to_dict()["path"]).parent
    if left.exists():
        left.rmdir()


def spec_for(lab, group, *args, **process):
    spec = lab.spec(*args, **process)
    spec["ociVersion"] = "1.0.2"
    spec["linux"]["cgroupsPath"] = group.to_dict()["path"]
    return spec


def test_runc_runs_a_program_and_leaves_nothing(lab, group):
    spec = spec_for(lab, group, "sh", "-c", "echo hi; hostname; exit 3")
    assert lab.run(spec, runtime=RUNC, cgroup=group.to_dict()) == (3, "hi\nbox\n")
    assert not group.exists()


def test_runc_is_given_the_input(lab, group):
    spec = spec_for(lab, group, "cat")
    assert lab.run(spec, b"typed", runtime=RUNC, cgroup=group.to_dict()) == (0, "typed")


def test_runc_is_given_a_terminal(lab, group):
    spec = spec_for(lab, group, "sh", "-c", "stty size; tty", terminal=True)
    code, output = lab.run(
        spec, terminal=True, rows=20, cols=70, runtime=RUNC, cgroup=group.to_dict()
    )
    assert code == 0
    assert output.startswith("20 70\r\n/dev/")


def test_the_words_of_a_failing_runtime_reach_the_daemon(lab, group):
    spec = spec_for(lab, group, "nope")
    failed = lab.failure(spec, runtime=RUNC, cgroup=group.to_dict())
    assert 'exec: "nope": executable file not found in $PATH' in failed["message"]
    assert failed["exit_code"] == 127


def test_a_mounted_root_is_the_containers_alone(lab, group, tmp_path):
    upper, work = tmp_path / "upper", tmp_path / "work"
    upper.mkdir()
    work.mkdir()
    options = [f"lowerdir={lab.root}", f"upperdir={upper}", f"workdir={work}"]
    spec = spec_for(lab, group, "touch", "/made")
    spec["root"] = {"path": "rootfs"}
    running = lab.create(
        spec, runtime=RUNC, cgroup=group.to_dict(), prepare=("rootfs",),
        rootfs=[{"type": "overlay", "source": "overlay", "target": "", "options": options}],
    )  # fmt: skip
    running.start()
    running.wait(messages.EXITED)
    assert (upper / "made").exists()


def test_an_exec_joins_a_container_of_runc(lab, group):
    running = lab.create(
        spec_for(lab, group, "sleep", "100"), runtime=RUNC, cgroup=group.to_dict()
    )
    running.start()
    beside = lab.execute(running, "hostname", cgroup=group.to_dict())
    assert finish(beside, beside.attach()) == (0, "box\n")
    running.send(op=messages.SIGNAL, signal=9)
    assert running.wait(messages.EXITED)["exit_code"] == 137
