"""CVE-2024-21626: a working directory like /proc/self/fd/7 that is a descriptor of ours."""

import pytest
from tests.support.runtime import Lab

pytestmark = pytest.mark.root


@pytest.fixture
def lab(tmp_path):
    laboratory = Lab(tmp_path)
    yield laboratory
    laboratory.close()


@pytest.mark.parametrize("number", range(3, 16))
def test_no_descriptor_is_a_way_out_for_the_first_program(lab, number):
    looking = ("cat", "/proc/self/cwd/etc/debian_version")
    running = lab.create(lab.spec(*looking, cwd=f"/proc/self/fd/{number}"))
    if running.wait("ready", "failed")["op"] == "failed":
        return
    stream = running.attach()
    running.send(op="start")
    if running.wait("failed", "exited")["op"] == "exited":
        assert b"No such file" in stream.recv(1000)


@pytest.mark.parametrize("number", range(3, 16))
def test_no_descriptor_is_a_way_out_for_an_exec(lab, number):
    running = lab.create(lab.spec("sleep", "100"))
    running.start()
    beside = lab.execute(running, "ls", "../../../../work", cwd=f"/proc/self/fd/{number}")
    if beside.wait("ready", "failed")["op"] == "ready":
        beside.send(op="start")
        ended = beside.wait("failed", "exited")
        assert ended["op"] == "failed" or ended["exit_code"] != 0


def test_a_link_to_a_descriptor_does_not_help(lab):
    (lab.root / "way").symlink_to("/proc/self/fd/7/../../../../")
    running = lab.create(lab.spec("true", cwd="/way"))
    assert running.wait("ready", "failed")
