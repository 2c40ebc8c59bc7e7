"""Containers that runc makes, asked for over the API."""

import shutil

import pytest

pytestmark = [
    pytest.mark.root,
    pytest.mark.skipif(not shutil.which("runc"), reason="runc is not installed"),
    pytest.mark.skipif(not shutil.which("docker"), reason="needs the docker client"),
]

SCRIPT = "grep Seccomp: /proc/self/status; exit 7"


def test_a_container_of_runc_has_our_filter_and_its_exit_code(daemon):
    done = daemon.docker("run", "--rm", "--runtime", "runc", "busybox", "sh", "-c", SCRIPT)
    assert done.stdout.split() == [b"Seccomp:", b"2"]
    assert done.returncode == 7


def test_a_container_of_runc_can_be_unconfined(daemon):
    done = daemon.docker(
        "run", "--rm", "--runtime", "runc", "--security-opt", "seccomp=unconfined",
        "busybox", "grep", "Seccomp:", "/proc/self/status",
    )  # fmt: skip
    assert done.stdout.split() == [b"Seccomp:", b"0"]


def test_runc_says_what_it_does_not_find(daemon):
    done = daemon.docker("run", "--rm", "--runtime", "runc", "busybox", "nothere")
    assert done.returncode == 127
    assert b'exec: "nothere": executable file not found in $PATH' in done.stderr
