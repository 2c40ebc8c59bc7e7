"""CVE-2025-31133: an image brings its own /dev/null, and masking with it opens what it hides."""

import pytest
from tests.support.runtime import Lab

pytestmark = pytest.mark.root


@pytest.fixture
def lab(tmp_path):
    laboratory = Lab(tmp_path)
    yield laboratory
    laboratory.close()


def masked(lab, *args):
    spec = lab.spec(*args)
    spec["linux"]["maskedPaths"] = ["/proc/version"]
    return spec


def test_a_null_device_that_is_a_link_is_replaced(lab):
    (lab.root / "dev" / "null").symlink_to("/proc/sys/kernel/core_pattern")
    spec = masked(lab, "sh", "-c", "wc -c < /proc/version; ls -l /dev/null | cut -c1")
    spec["mounts"] = [entry for entry in spec["mounts"] if entry["destination"] != "/dev"]
    assert lab.run(spec) == (0, "0\nc\n")


def test_a_null_device_from_a_volume_that_is_none_is_refused(lab, tmp_path):
    volume = tmp_path / "dev"
    volume.mkdir()
    (volume / "null").symlink_to("/proc/sys/kernel/core_pattern")
    spec = masked(lab, "true")
    spec["mounts"] = [
        entry for entry in spec["mounts"] if not entry["destination"].startswith("/dev")
    ]
    spec["mounts"].append({"destination": "/dev", "source": str(volume), "options": ["rbind"]})
    failed = lab.failure(spec)
    assert failed["op"] == "failed"
    assert "/proc/version" in failed["message"]
