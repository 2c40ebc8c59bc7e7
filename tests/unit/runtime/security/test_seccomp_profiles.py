"""Docker's seccomp profiles and what they come to for one container."""

import itertools
import json

import pytest

from sampan.errors import InvalidRequest
from sampan.runtime.security.seccomp import docker, profile


def allowed(capabilities=(), machine="x86_64"):
    """Names that the default profile allows without conditions on arguments."""
    found = docker.oci(
        docker.default(), capabilities=capabilities, machine=machine, kernel=(6, 1)
    )
    return {
        name
        for rule in found["syscalls"]
        if rule["action"] == "SCMP_ACT_ALLOW" and not rule.get("args")
        for name in rule["names"]
    }


def test_dangerous_calls_need_their_capability():
    assert not allowed() & {"mount", "bpf", "reboot", "chroot", "init_module", "unshare"}
    assert {"mount", "unshare", "bpf"} <= allowed(["CAP_SYS_ADMIN"])
    assert "chroot" in allowed(["CAP_SYS_CHROOT"])


def test_what_has_no_namespace_is_never_allowed():
    everything = allowed(profile.WITH_CAPABILITY)
    assert not everything & {"keyctl", "add_key", "userfaultfd", "kexec_load", "io_uring_setup"}


def test_no_call_is_named_twice():
    names = list(itertools.chain(*(group.split() for group in profile.ALWAYS)))
    assert len(names) == len(set(names))


def test_a_machine_has_its_own_calls():
    assert "arch_prctl" in allowed()
    assert "arch_prctl" not in allowed(machine="aarch64")
    assert "cacheflush" in allowed(machine="aarch64")


def test_clone3_is_unknown_rather_than_forbidden():
    found = docker.oci(docker.default(), capabilities=[], machine="x86_64", kernel=(6, 1))
    (rule,) = [rule for rule in found["syscalls"] if rule["names"] == ["clone3"]]
    assert (rule["action"], rule["errnoRet"]) == ("SCMP_ACT_ERRNO", 38)
    assert found["architectures"] == ["SCMP_ARCH_X86_64", "SCMP_ARCH_X86", "SCMP_ARCH_X32"]


def rule(**conditions):
    return {"names": ["x"], "action": "SCMP_ACT_ALLOW", **conditions}


@pytest.mark.parametrize(
    ("conditions", "applies"),
    [
        ({}, True),
        ({"includes": {"caps": ["CAP_CHOWN"]}}, True),
        ({"includes": {"caps": ["CAP_CHOWN", "CAP_KILL"]}}, False),
        ({"excludes": {"caps": ["CAP_CHOWN"]}}, False),
        ({"includes": {"arches": ["arm64"]}}, False),
        ({"excludes": {"arches": ["arm64"]}}, True),
        ({"includes": {"minKernel": "4.8"}}, True),
        ({"includes": {"minKernel": "6.10"}}, False),
    ],
)
def test_conditions_are_decided(conditions, applies):
    document = {"defaultAction": "SCMP_ACT_ERRNO", "syscalls": [rule(**conditions)]}
    found = docker.oci(document, capabilities=["CAP_CHOWN"], machine="x86_64", kernel=(6, 9))
    assert bool(found["syscalls"]) == applies


@pytest.mark.parametrize(
    "text",
    ["{", "[]", '{"syscalls": 3}', '{"architectures": ["A"], "archMap": [{}], "syscalls": []}'],
)
def test_what_is_no_profile_is_refused(text):
    with pytest.raises(InvalidRequest):
        docker.parse(text)


def test_the_old_form_with_one_name_is_read():
    text = json.dumps({"syscalls": [{"name": "mkdir", "action": "SCMP_ACT_ERRNO"}]})
    found = docker.oci(docker.parse(text), capabilities=[], machine="x86_64", kernel=(6, 1))
    assert found["syscalls"] == [{"names": ["mkdir"], "action": "SCMP_ACT_ERRNO"}]
    assert found["defaultAction"] == "SCMP_ACT_ERRNO"
