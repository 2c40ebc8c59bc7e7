"""CVE-2016-9962: a container traces an exec that enters, and takes what it has open."""

import os

import pytest
from tests.support.runtime import Lab, capabilities, finish

pytestmark = pytest.mark.root


@pytest.fixture
def lab(tmp_path):
    laboratory = Lab(tmp_path)
    yield laboratory
    laboratory.close()


def test_an_entered_exec_hides_its_descriptors_from_the_container(lab):
    spec = lab.spec("sleep", "100")
    spec["process"]["capabilities"] = capabilities("CAP_CHOWN", "CAP_DAC_OVERRIDE")
    running = lab.create(spec)
    running.start()
    waiting = lab.execute(running, "true")
    waiting.wait("ready")
    with open(f"/proc/{waiting.pid}/status") as status:
        inside = next(line for line in status if line.startswith("NSpid:")).split()[-1]
    # Another exec looks, as any program of the container could.
    script = f"ls -l /proc/{inside}/exe /proc/{inside}/fd/; ls /proc/{inside}/root/"
    spy = lab.execute(
        running, "sh", "-c", script,
        capabilities=spec["process"]["capabilities"],
    )  # fmt: skip
    _, output = finish(spy, spy.attach())
    # The numbers can be listed; what they lead to cannot be reached.
    assert " -> " not in output
    assert f"ls: /proc/{inside}/exe: cannot read link: Permission denied" in output
    assert f"ls: /proc/{inside}/root/: Permission denied" in output


def test_the_first_process_hides_before_its_program_runs(lab):
    running = lab.create(lab.spec("true"))
    running.wait("ready")
    # /proc files of a process that may not be dumped belong to root, with its uid another's:
    # here both are root, so the flag itself is what can be seen.
    assert os.stat(f"/proc/{running.pid}/fd").st_mode & 0o077 == 0
