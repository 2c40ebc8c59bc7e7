"""CVE-2025-52565: /dev/console is a link, and the terminal is mounted over a file of /proc."""

import pytest
from tests.support.runtime import Lab

pytestmark = pytest.mark.root


@pytest.fixture
def lab(tmp_path):
    laboratory = Lab(tmp_path)
    yield laboratory
    laboratory.close()


def test_a_console_that_is_a_link_is_replaced(lab):
    (lab.root / "dev" / "console").symlink_to("/proc/sys/kernel/core_pattern")
    (lab.root / "dev" / "pts").mkdir()
    spec = lab.spec("sh", "-c", "mount | grep -c core_pattern; ls -l /dev/console | cut -c1")
    spec["mounts"] = [entry for entry in spec["mounts"] if entry["destination"] != "/dev"]
    code, output = lab.run(spec, terminal=True)
    assert (code, output) == (0, "0\r\nc\r\n")
