"""Compiled filters against the kernel, alone and in a container."""

import errno
import json
import os

import pytest
from tests.support.runtime import Lab, capabilities

from sampan.linux import prctl, seccomp
from sampan.linux.libc import check, declare_syscall
from sampan.runtime.security.seccomp import docker, filters
from sampan.runtime.security.seccomp.compile import compile_bpf

pytestmark = pytest.mark.root

NOT_YET_A_CALL = 9999


@pytest.fixture
def lab(tmp_path):
    laboratory = Lab(tmp_path)
    yield laboratory
    laboratory.close()


def answer_of(program: bytes, number: int) -> str:
    """What the kernel says to a call under a filter."""
    pid = os.fork()  # noqa: TID251 - a filter cannot be taken off again
    if not pid:
        prctl.set_no_new_privs()
        seccomp.set_mode_filter(program)
        try:
            check(declare_syscall(number)())
        except OSError as error:
            os._exit(error.errno)
        os._exit(0)
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    return errno.errorcode.get(code, "") if code else "allowed"


def test_the_default_profile_compiles_and_answers_as_docker_does():
    program = compile_bpf(filters.reduce(docker.default(), []))
    keyctl = {"x86_64": 250, "aarch64": 219}[os.uname().machine]
    assert answer_of(program, keyctl) == "EPERM"
    clone3 = 435
    assert answer_of(program, clone3) == "ENOSYS"
    assert answer_of(program, NOT_YET_A_CALL) == "ENOSYS"


def test_a_filter_is_compiled_once_per_content(tmp_path):
    first = filters.path(str(tmp_path), "", ["CAP_CHOWN"])
    written = os.stat(first).st_mtime_ns
    assert filters.path(str(tmp_path), "", ["CAP_CHOWN"]) == first
    assert os.stat(first).st_mtime_ns == written
    assert filters.path(str(tmp_path), "", ["CAP_SYS_ADMIN"]) != first
    assert filters.path(str(tmp_path), "unconfined", []) == ""


def test_a_container_under_the_default_profile_cannot_make_namespaces(lab, tmp_path):
    file = filters.path(str(tmp_path / "seccomp"), "", ["CAP_CHOWN"])
    spec = lab.spec("sh", "-c", "unshare -U true; grep Seccomp: /proc/self/status")
    code, output = lab.run(spec, seccomp=file)
    assert code == 0
    assert "unshare" in output
    assert "Operation not permitted" in output
    assert "Seccomp:\t2" in output


def test_a_custom_profile_holds_with_and_without_new_privileges(lab, tmp_path):
    profile = {
        "defaultAction": "SCMP_ACT_ALLOW",
        "syscalls": [{"names": ["mkdir", "mkdirat"], "action": "SCMP_ACT_ERRNO", "errnoRet": 28}],
    }
    file = filters.path(str(tmp_path / "seccomp"), json.dumps(profile), [])
    for no_new_privileges in (False, True):
        spec = lab.spec("mkdir", "/tmp/x", noNewPrivileges=no_new_privileges)
        spec["process"]["user"] = {"uid": 1000, "gid": 1000}
        code, output = lab.run(spec, seccomp=file)
        assert code == 1
        assert "No space left on device" in output


def test_the_filter_does_not_leave_an_extra_capability_behind(lab, tmp_path):
    file = filters.path(str(tmp_path / "seccomp"), "", ["CAP_CHOWN"])
    spec = lab.spec("grep", "Cap", "/proc/self/status")
    spec["process"]["capabilities"] = capabilities("CAP_CHOWN")
    _, output = lab.run(spec, seccomp=file)
    masks = dict(line.split(":\t") for line in output.splitlines())
    assert masks == {
        "CapInh": "0" * 16, "CapPrm": "0" * 15 + "1", "CapEff": "0" * 15 + "1",
        "CapBnd": "0" * 15 + "1", "CapAmb": "0" * 16,
    }  # fmt: skip


def test_an_exec_is_filtered_too(lab, tmp_path):
    running = lab.create(lab.spec("sleep", "100"))
    running.start()
    file = filters.path(str(tmp_path / "seccomp"), "", [])
    beside = lab.execute(running, "grep", "Seccomp:", "/proc/self/status", seccomp=file)
    stream = beside.attach()
    beside.start()
    assert b"Seccomp:\t2" in stream.recv(100)
    beside.wait("exited")
