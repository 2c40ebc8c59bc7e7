"""CVE-2021-30465 and kin: a mount's destination is a symlink out of the container."""

import os

import pytest
from tests.support.runtime import Lab

pytestmark = pytest.mark.root


@pytest.fixture
def lab(tmp_path):
    laboratory = Lab(tmp_path)
    yield laboratory
    laboratory.close()


def test_a_destination_behind_an_absolute_link_stays_inside(lab, tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (lab.root / "trap").symlink_to(outside)
    spec = lab.spec("sh", "-c", f"touch /trap/x && ls {outside}")
    spec["mounts"].append({"destination": "/trap", "type": "tmpfs", "source": "t", "options": []})
    assert lab.run(spec) == (0, "x\n")
    assert os.listdir(outside) == []
    # The place the link means is made inside, as Docker does.
    assert (lab.root / str(outside).lstrip("/")).is_dir()


def test_a_destination_that_climbs_stays_inside(lab, tmp_path):
    (tmp_path / "target").mkdir()
    (lab.root / "up").symlink_to("../../../../../../.." + str(tmp_path))
    spec = lab.spec("true")
    spec["mounts"].append(
        {"destination": "/up/target", "source": "/etc", "options": ["rbind", "ro"]}
    )
    assert lab.run(spec)[0] == 0
    assert os.listdir(tmp_path / "target") == []


def test_a_file_is_not_made_through_a_link(lab, tmp_path):
    victim = tmp_path / "victim"
    (lab.root / "file").symlink_to(victim)
    spec = lab.spec("true")
    spec["mounts"].append({"destination": "/file", "source": "/etc/hostname", "options": ["bind"]})
    lab.create(spec).wait("ready", "failed")
    assert not victim.exists()


def test_a_device_is_not_made_through_a_link(lab, tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (lab.root / "dev").rmdir()
    (lab.root / "dev").symlink_to(outside)
    spec = lab.spec("true")
    spec["mounts"] = [entry for entry in spec["mounts"] if entry["destination"] == "/proc"]
    lab.run(spec)
    assert os.listdir(outside) == []


def test_the_working_directory_is_not_made_outside(lab, tmp_path):
    (lab.root / "work").symlink_to(tmp_path / "made")
    spec = lab.spec("pwd", cwd="/work")
    lab.run(spec)
    assert not (tmp_path / "made").exists()
