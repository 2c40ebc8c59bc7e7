"""Who the program is: ids, capabilities, environment, and why it did not start."""

import os
import shutil

import pytest
from tests.support.runtime import Lab, capabilities, finish

pytestmark = pytest.mark.root


@pytest.fixture
def lab(tmp_path):
    laboratory = Lab(tmp_path)
    yield laboratory
    laboratory.close()


def executable(lab, name, content, mode=0o755):
    path = lab.root / "bin" / name
    path.write_bytes(content)
    path.chmod(mode)


def test_user_groups_and_home_are_as_given(lab):
    spec = lab.spec("sh", "-c", "id -u; id -g; id -G; echo $HOME; umask; echo x > /dev/stdout")
    spec["process"]["user"] = {"uid": 1000, "gid": 1000, "additionalGids": [7, 8], "umask": 0o27}
    assert lab.run(spec) == (0, "1000\n1000\n1000 7 8\n/home/ann\n0027\nx\n")


def test_a_user_without_an_entry_has_the_root_as_home(lab):
    spec = lab.spec("sh", "-c", "echo $HOME")
    spec["process"]["user"] = {"uid": 4321, "gid": 4321}
    assert lab.run(spec) == (0, "/\n")


def test_capabilities_of_root_are_those_of_the_spec(lab):
    spec = lab.spec("grep", "Cap", "/proc/self/status")
    spec["process"]["capabilities"] = capabilities("CAP_KILL")
    _, output = lab.run(spec)
    assert output.split() == [
        "CapInh:", "0" * 16, "CapPrm:", "0" * 14 + "20", "CapEff:", "0" * 14 + "20",
        "CapBnd:", "0" * 14 + "20", "CapAmb:", "0" * 16,
    ]  # fmt: skip


def test_a_user_has_no_capabilities_but_ambient_ones(lab):
    spec = lab.spec("grep", "CapEff", "/proc/self/status")
    spec["process"]["user"] = {"uid": 1000, "gid": 1000}
    spec["process"]["capabilities"] = capabilities("CAP_KILL")
    assert lab.run(spec)[1].split()[1] == "0" * 16
    spec["process"]["capabilities"].update(inheritable=["CAP_KILL"], ambient=["CAP_KILL"])
    assert lab.run(spec)[1].split()[1] == "0" * 14 + "20"


def test_no_new_privileges_and_signals_are_set(lab):
    # Without a shell in between, which ignores SIGQUIT.
    patterns = ("-e", "NoNewPrivs", "-e", "SigIgn", "-e", "SigBlk")
    spec = lab.spec("grep", *patterns, "/proc/self/status")
    spec["process"]["noNewPrivileges"] = True
    _, output = lab.run(spec)
    assert output.split() == ["SigBlk:", "0" * 16, "SigIgn:", "0" * 16, "NoNewPrivs:", "1"]


def test_nothing_of_ours_is_open_in_the_program(lab):
    _, output = lab.run(lab.spec("ls", "/proc/self/fd"))
    # The fourth is ls's own.
    assert output.split() == ["0", "1", "2", "3"]


def test_out_of_memory_score_is_set_or_the_kernels_refusal_told(lab):
    with open("/proc/self/oom_score_adj") as file:
        higher = int(file.read()) + 10
    spec = lab.spec("cat", "/proc/self/oom_score_adj", oomScoreAdj=higher)
    assert lab.run(spec) == (0, f"{higher}\n")


FAILURES = {
    "nope": ('exec: "nope": executable file not found in $PATH', 127),
    "/no/such": ('exec: "/no/such": stat /no/such: no such file or directory', 127),
    "/etc": ('exec: "/etc": is a directory: permission denied', 126),
    "/bin/data": ('exec: "/bin/data": permission denied', 126),
    "/bin/garbage": ('exec: "/bin/garbage": exec format error', 126),
    "script": (
        'exec: "/bin/script": interpreter "/no/interpreter" not found: no such file or directory',
        127,
    ),
}


@pytest.mark.parametrize("program", FAILURES)
def test_a_program_that_cannot_run_is_told_why(lab, program):
    executable(lab, "data", b"x", 0o644)
    executable(lab, "garbage", b"\x7fELFgarbage" + bytes(100))
    executable(lab, "script", b"#!/no/interpreter -x\n")
    failed = lab.failure(lab.spec(program))
    assert (failed["message"], failed["exit_code"]) == FAILURES[program]


def test_a_dynamic_program_without_its_loader_names_the_loader(lab):
    shutil.copy("/bin/ls", lab.root / "bin" / "dynamic")
    failed = lab.failure(lab.spec("dynamic"))
    assert 'interpreter "/lib' in failed["message"]
    assert failed["exit_code"] == 127


def test_an_exec_in_a_missing_directory_is_refused(lab):
    running = lab.create(lab.spec("sleep", "100"))
    running.start()
    beside = lab.execute(running, "true", cwd="/no/such")
    failed = beside.wait("failed")
    assert failed["message"] == (
        'chdir to cwd ("/no/such") set in config.json failed: no such file or directory'
    )


def test_an_exec_has_its_own_user_environment_and_directory(lab):
    running = lab.create(lab.spec("sleep", "100"))
    running.start()
    beside = lab.execute(
        running, "sh", "-c", "id -u; echo $A $HOME; pwd; grep CapEff /proc/self/status",
        env=["PATH=/bin", "A=b"], cwd="/tmp", user={"uid": 1000, "gid": 1000},
    )  # fmt: skip
    assert finish(beside, beside.attach()) == (
        0, "1000\nb /home/ann\n/tmp\nCapEff:\t" + "0" * 16 + "\n",
    )  # fmt: skip


def test_what_an_exec_leaves_behind_belongs_to_the_container(lab):
    running = lab.create(lab.spec("sleep", "100"))
    running.start()
    beside = lab.execute(running, "sh", "-c", "sleep 1000 >/dev/null 2>&1 & true")
    assert finish(beside, beside.attach())[0] == 0
    with open(f"/proc/{running.pid}/task/{running.pid}/children") as children:
        (orphan,) = children.read().split()
    running.send(op="signal", signal=9)
    running.wait("exited")
    assert not os.path.exists(f"/proc/{orphan}")
