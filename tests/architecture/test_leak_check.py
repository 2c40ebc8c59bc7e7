"""The leak check sees what it is for."""

import os
import subprocess
import sys

import pytest
from tests.support import leaks
from tests.support.cgroups import group_in

from sampan.cgroup.detect import detect
from sampan.linux import mounts


@pytest.fixture(autouse=True)
def _impatient(monkeypatch):
    monkeypatch.setattr(leaks, "PATIENCE", 0)


def test_it_sees_a_process_and_a_descriptor(tmp_path):
    before = leaks.Snapshot(tmp_path)
    # A daemon that other tests of this session share may be running.
    shared = before.leaks()
    process = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    found = before.leaks()
    process.communicate(b"\n")
    assert any(f"process {process.pid} is left" in text for text in found)
    assert any("descriptor" in text for text in found)
    assert before.leaks() == shared


@pytest.mark.root
def test_it_sees_a_process_whose_parent_is_gone(tmp_path):
    before = leaks.Snapshot(tmp_path)
    read, write = os.pipe()
    orphan = "import os,sys\nif os.fork(): sys.exit()\nos.setsid(); os.read(0, 1)"
    subprocess.run([sys.executable, "-c", orphan], stdin=read, check=True)
    found = before.leaks()
    os.close(write)
    os.close(read)
    assert any("is left: python" in text for text in found)


@pytest.mark.root
def test_it_sees_a_group(tmp_path):
    before = leaks.Snapshot(tmp_path)
    shared = before.leaks()
    with group_in(detect()) as group:
        group.create({})
        assert any("control group is left" in text for text in before.leaks())
    assert before.leaks() == shared


@pytest.mark.root
def test_it_sees_a_mount(tmp_path):
    before = leaks.Snapshot(tmp_path)
    target = tmp_path / "mount"
    target.mkdir()
    mounts.mount("tmpfs", str(target), "tmpfs")
    found = before.leaks()
    mounts.umount2(str(target))
    assert f"mount is left: {target}" in found
