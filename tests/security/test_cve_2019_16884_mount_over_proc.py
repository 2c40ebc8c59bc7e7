"""CVE-2019-16884, CVE-2025-52881: a volume hides parts of /proc, and what is written there."""

import pytest
from tests.support.runtime import Lab

pytestmark = pytest.mark.root


@pytest.fixture
def lab(tmp_path):
    laboratory = Lab(tmp_path)
    yield laboratory
    laboratory.close()


@pytest.mark.parametrize("place", ["/proc/sys", "/proc/self/attr", "/proc/1", "/proc/sys/../sys"])
def test_a_volume_inside_proc_is_refused(lab, tmp_path, place):
    (tmp_path / "volume").mkdir()
    spec = lab.spec("true")
    spec["mounts"].append(
        {"destination": place, "source": f"{tmp_path}/volume", "options": ["rbind"]}
    )
    failed = lab.failure(spec)
    assert "cannot be mounted inside /proc" in failed["message"]


def test_a_link_into_proc_is_no_way_around(lab, tmp_path):
    (tmp_path / "volume").mkdir()
    (lab.root / "innocent").symlink_to("/proc/sys")
    spec = lab.spec("true")
    spec["mounts"].append(
        {"destination": "/innocent", "source": f"{tmp_path}/volume", "options": ["rbind"]}
    )
    assert "inside /proc" in lab.failure(spec)["message"]


def test_what_lxcfs_shows_may_be_mounted(lab, tmp_path):
    (tmp_path / "uptime").write_text("1.0 1.0\n")
    spec = lab.spec("cat", "/proc/uptime")
    spec["mounts"].append(
        {"destination": "/proc/uptime", "source": f"{tmp_path}/uptime", "options": ["bind"]}
    )
    assert lab.run(spec) == (0, "1.0 1.0\n")


def test_proc_is_not_mounted_through_a_link(lab):
    (lab.root / "proc").rmdir()
    (lab.root / "proc").symlink_to("/tmp")
    failed = lab.failure(lab.spec("true"))
    assert failed["op"] == "failed"
    assert '"proc" to rootfs at "/proc"' in failed["message"]


def test_sysctls_reach_the_kernel_whatever_covers_proc(lab, tmp_path):
    spec = lab.spec("true")
    # A fake /proc, as an image could bring: without the mount of the real one.
    spec["mounts"] = [entry for entry in spec["mounts"] if entry["destination"] != "/proc"]
    fake = lab.root / "proc" / "sys" / "net" / "ipv4"
    fake.mkdir(parents=True)
    (fake / "ip_forward").write_text("untouched")
    spec["linux"]["sysctl"] = {"net.ipv4.ip_forward": "1"}
    assert lab.run(spec)[0] == 0
    assert (fake / "ip_forward").read_text() == "untouched"
