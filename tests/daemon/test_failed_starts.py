"""Starts that fail: the reason is told, and nothing stays behind."""

import os
import re

import pytest
from tests.support.containers import create

FAILURES = {
    "missing program": ({"Cmd": ["/nosuch"]}, "stat /nosuch: no such file or directory"),
    "bad directory": ({"WorkingDir": "/etc/passwd/x"}, "not a directory"),
    "missing user": ({"User": "nosuch"}, "unable to find user nosuch"),
    "program named too long": ({"Cmd": ["/" + "a" * 200_000]}, "file name too long"),
    "file over directory": (
        {"host": {"Binds": ["/etc/hostname:/bin"]}},
        "not a directory: Are you trying to mount a directory onto a file",
    ),
    "missing device": (
        {"host": {"Devices": [{"PathOnHost": "/dev/nosuch", "PathInContainer": "/dev/x"}]}},
        '"/dev/nosuch": no such file or directory',
    ),
}


@pytest.mark.parametrize("what", FAILURES)
def test_a_failed_start_leaves_no_task_directory(daemon, what):
    config, sentence = FAILURES[what]
    container = create(daemon.api, **config)
    answer = daemon.api.post(f"/containers/{container}/start")
    assert sentence in answer.message
    assert container not in os.listdir(daemon.root / "exec/tasks")
    daemon.api.delete(f"/containers/{container}")


def test_a_limit_that_the_kernel_refuses_is_named(daemon):
    container = create(daemon.api, "true", host={"CpuQuota": 1 << 62})
    answer = daemon.api.post(f"/containers/{container}/start")
    sentence = r"cannot join the control group \(cannot write '.+' to cpu\..+\): invalid argument"
    assert re.fullmatch(sentence, answer.message)
    assert container not in os.listdir(daemon.root / "exec/tasks")
    daemon.api.delete(f"/containers/{container}")
