"""bpf(2) for control groups, as the kernel here does it."""

import os

import pytest
from tests.support.cgroups import group_in

from sampan.cgroup.detect import Hierarchy, detect
from sampan.cgroup.devices.program import assemble, instruction
from sampan.cgroup.devices.rules import reduce
from sampan.linux import bpf

pytestmark = pytest.mark.root

TREE = detect().unified


@pytest.fixture
def group_fd():
    if not TREE:
        pytest.skip("no v2 tree on this machine")
    with group_in(Hierarchy({}, TREE)) as group:
        group.create({})
        fd = os.open(*group.paths().values(), os.O_RDONLY | os.O_CLOEXEC)
        yield fd
        os.close(fd)


def test_programs_are_attached_listed_and_detached(group_fd):
    program = bpf.prog_load(bpf.PROG_TYPE_CGROUP_DEVICE, assemble(reduce([])), "first")
    assert not os.get_inheritable(program)
    assert bpf.prog_query(group_fd, bpf.CGROUP_DEVICE) == []
    bpf.prog_attach(group_fd, program, bpf.CGROUP_DEVICE, bpf.F_ALLOW_MULTI)
    (number,) = bpf.prog_query(group_fd, bpf.CGROUP_DEVICE)
    again = bpf.prog_get_fd_by_id(number)
    bpf.prog_detach(group_fd, again, bpf.CGROUP_DEVICE)
    assert bpf.prog_query(group_fd, bpf.CGROUP_DEVICE) == []
    os.close(again)
    os.close(program)


def test_program_the_verifier_refuses_comes_with_its_reason():
    falls_off_the_end = instruction(0xB7)
    with pytest.raises(OSError, match="bpf: .*"):
        bpf.prog_load(bpf.PROG_TYPE_CGROUP_DEVICE, falls_off_the_end, "bad")


def test_program_of_a_thousand_rules_is_accepted():
    rules = [{"allow": False, "access": "rwm"}]
    rules += [
        {"allow": True, "type": "c", "major": n, "minor": n, "access": "rw"} for n in range(1000)
    ]
    os.close(bpf.prog_load(bpf.PROG_TYPE_CGROUP_DEVICE, assemble(reduce(rules)), "long"))
