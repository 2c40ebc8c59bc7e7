"""CVE-2019-5736: a container overwrites the runtime through /proc/PID/exe.

Its program may be /proc/self/exe, or it may wait for an exec to enter. Either way it holds
our interpreter; opened for writing that must be refused even to root.
"""

import os
import sys

import pytest
from tests.support.runtime import Lab

pytestmark = pytest.mark.root


@pytest.fixture
def lab(tmp_path):
    laboratory = Lab(tmp_path)
    yield laboratory
    laboratory.close()


def is_writable(pid: int) -> bool:
    # Not open(): "text file busy" would hide the answer while anybody runs it.
    return os.access(f"/proc/{pid}/exe", os.W_OK)


def test_the_check_would_find_a_writable_interpreter():
    assert is_writable(os.getpid())
    assert os.access(os.path.realpath(sys.executable), os.W_OK)


def test_the_launcher_and_what_it_forks_run_from_a_read_only_mount(lab):
    running = lab.create(lab.spec("sleep", "100"))
    running.wait("ready")
    assert not is_writable(lab.process.pid)
    assert not is_writable(running.pid)


def test_an_exec_that_has_entered_runs_from_a_read_only_mount(lab):
    running = lab.create(lab.spec("sleep", "100"))
    running.start()
    beside = lab.execute(running, "true")
    beside.wait("ready")
    assert os.readlink(f"/proc/{beside.pid}/ns/mnt") == os.readlink(f"/proc/{running.pid}/ns/mnt")
    assert not is_writable(beside.pid)


def test_a_program_that_is_proc_self_exe_gets_no_interpreter(lab):
    failed = lab.failure(lab.spec("/proc/self/exe"))
    # Its loader and library are not in the container; nothing of ours can be loaded there.
    assert failed["op"] == "failed"
