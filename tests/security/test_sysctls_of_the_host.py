"""Kernel settings that a container shares with the host are not a container's to set.

What is tried are the values that are there already: a failure here must harm no machine.
"""

import os
from pathlib import Path

import pytest
from tests.support.runtime import Lab

pytestmark = pytest.mark.root


@pytest.fixture
def lab(tmp_path):
    laboratory = Lab(tmp_path)
    yield laboratory
    laboratory.close()


def refusal(lab, name, without=(), join=None):
    path = name if "/" in name else name.replace(".", "/")
    value = Path(f"/proc/sys/{path}").read_text().strip()
    spec = lab.spec("true")
    linux = spec["linux"]
    linux["sysctl"] = {name: value}
    linux["namespaces"] = [each for each in linux["namespaces"] if each["type"] not in without]
    if join:
        kind, path = join
        linux["namespaces"].append({"type": kind, "path": path})
    return lab.failure(spec)["message"]


@pytest.mark.parametrize(
    "name", ["kernel.core_pattern", "vm.swappiness", "net/../kernel/core_pattern"]
)
def test_what_the_whole_machine_shares_is_refused(lab, name):
    message = refusal(lab, name)
    assert message == (
        f"error setting sysctl {name} (it is not in a separate kernel namespace): "
        "operation not permitted"
    )


@pytest.mark.parametrize(
    ("name", "kind"), [("net.ipv4.ip_forward", "network"), ("kernel.msgmax", "ipc")]
)
def test_settings_of_a_namespace_that_is_the_hosts_are_refused(lab, name, kind):
    assert f"not allowed in the host's {kind} namespace" in refusal(lab, name, without=(kind,))


def test_the_hosts_namespace_joined_by_its_path_is_the_hosts_still(lab):
    message = refusal(
        lab, "net.ipv4.ip_forward", ("network",), join=("network", f"/proc/{os.getpid()}/ns/net")
    )
    assert "not allowed in the host's network namespace" in message
