"""How failures of a start read, and which exit code Docker gives them."""

import errno

import pytest

from sampan.runtime import stages


@pytest.mark.parametrize(
    ("stage", "number", "detail", "words", "code"),
    [
        (
            stages.EXEC, errno.ENOENT, "foo",
            'exec: "foo": executable file not found in $PATH', 127,
        ),
        (stages.EXEC, errno.EACCES, "/foo", 'exec: "/foo": permission denied', 126),
        (stages.EXEC, errno.ENOEXEC, "/foo", 'exec: "/foo": exec format error', 126),
        (
            stages.CWD, errno.EACCES, "/root",
            'chdir to cwd ("/root") set in config.json failed: permission denied', 126,
        ),
        (
            stages.CGROUP, errno.EINVAL, "", "cannot join the control group: invalid argument", 128,
        ),
        (stages.BUG, 0, "x: KeyError: 'y'", "internal error: x: KeyError: 'y'", 128),
    ],
)  # fmt: skip
def test_a_failure_reads_as_docker_users_know_it(stage, number, detail, words, code):
    assert stages.explain(stage, number, detail) == (words, code)


def test_a_failure_survives_its_packet():
    packet = stages.encode(stages.MOUNTS, 2, "a b\0ü")
    assert stages.decode(packet) == (stages.MOUNTS, 2, "a b\0ü")
