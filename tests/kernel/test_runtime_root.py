"""What a container sees: its root, mounts, devices, hidden paths, settings."""

import os
import socket

import pytest
from tests.support.cgroups import group_in
from tests.support.runtime import Lab

from sampan.cgroup.driver import detect

pytestmark = pytest.mark.root


@pytest.fixture
def lab(tmp_path):
    laboratory = Lab(tmp_path)
    yield laboratory
    laboratory.close()


def shell(lab, script, **changes):
    """Run a script in a container whose spec has these keys changed; return what it says."""
    spec = lab.spec("sh", "-c", script)
    for key, value in changes.items():
        if key in {"mounts"}:
            spec[key] = [*spec[key], *value]
        elif isinstance(spec.get(key), dict):
            spec[key] = {**spec[key], **value}
        else:
            spec[key] = value
    return lab.run(spec)


def test_the_overlay_is_mounted_for_the_container_alone(lab, tmp_path):
    upper, work = tmp_path / "upper", tmp_path / "work"
    upper.mkdir()
    work.mkdir()
    spec = lab.spec("touch", "/made")
    spec["root"] = {"path": "rootfs"}
    options = [f"lowerdir={lab.root}", f"upperdir={upper}", f"workdir={work}"]
    running = lab.create(
        spec, prepare=("rootfs",),
        rootfs=[{"type": "overlay", "source": "overlay", "target": "", "options": options}],
    )  # fmt: skip
    running.wait("ready")
    with open("/proc/self/mountinfo") as mounts:
        assert str(running.directory) not in mounts.read()
    running.send(op="start")
    running.wait("exited")
    assert os.listdir(upper) == ["made"]
    assert not (lab.root / "made").exists()


def test_default_devices_and_links_are_there_and_work(lab):
    script = "ls /dev; echo x > /dev/null; head -c 2 /dev/zero | wc -c; readlink /dev/ptmx"
    code, output = shell(lab, script)
    assert code == 0
    assert output.split() == [
        "fd", "full", "null", "ptmx", "pts", "random", "stderr", "stdin", "stdout", "tty",
        "urandom", "zero", "2", "pts/ptmx",
    ]  # fmt: skip


def test_a_device_of_the_spec_has_its_number_mode_and_owner(lab):
    device = {
        "path": "/dev/fuse", "type": "c", "major": 10, "minor": 229, "fileMode": 0o640,
        "uid": 5, "gid": 6,
    }  # fmt: skip
    code, output = shell(lab, "ls -ln /dev/fuse", linux={"devices": [device]})
    assert code == 0
    assert output.split()[:6] == ["crw-r-----", "1", "5", "6", "10,", "229"]


def test_a_bind_is_made_where_nothing_was_and_can_be_read_only(lab, tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "file").write_text("content")
    mounts = [
        {"destination": "/new/place", "source": f"{tmp_path}/data", "options": ["rbind", "ro"]},
        {"destination": "/new/file", "source": f"{tmp_path}/data/file", "options": ["bind"]},
    ]
    script = "cat /new/place/file; touch /new/place/x; echo more >> /new/file"
    code, output = shell(lab, script, mounts=mounts)
    assert output == "contenttouch: /new/place/x: Read-only file system\n"
    assert code == 0
    assert (tmp_path / "data" / "file").read_text() == "contentmore\n"


def test_a_missing_source_is_named(lab):
    spec = lab.spec("true")
    spec["mounts"].append({"destination": "/x", "source": "/no/such", "options": ["bind"]})
    failed = lab.failure(spec)
    assert failed["message"] == (
        'error mounting "/no/such" to rootfs at "/x": no such file or directory'
    )
    assert failed["exit_code"] == 127


def test_a_directory_on_a_file_is_refused_with_a_hint(lab, tmp_path):
    spec = lab.spec("true")
    spec["mounts"].append(
        {"destination": "/etc/passwd", "source": str(tmp_path), "options": ["bind"]}
    )
    failed = lab.failure(spec)
    assert "not a directory: Are you trying to mount a directory onto a file" in failed["message"]


def test_masked_and_read_only_paths_are_so(lab):
    linux = {
        "maskedPaths": ["/proc/version", "/proc/scsi", "/sys/firmware", "/no/such"],
        "readonlyPaths": ["/proc/sys", "/no/such"],
    }
    script = (
        "wc -c < /proc/version; ls /sys/firmware | wc -l;"
        "echo 1 > /proc/sys/kernel/domainname; touch /sys/firmware/x; true"
    )
    code, output = shell(lab, script, linux=linux)
    assert code == 0
    lines = output.splitlines()
    assert lines[:2] == ["0", "0"]
    assert "Read-only file system" in lines[2]
    assert "Read-only file system" in lines[3]


def test_a_read_only_root_leaves_mounts_writable(lab):
    script = "touch /x; touch /dev/shm/y && echo fine"
    mounts = [{"destination": "/dev/shm", "type": "tmpfs", "source": "shm", "options": []}]
    _, output = shell(lab, script, root={"readonly": True}, mounts=mounts)
    assert output == "touch: /x: Read-only file system\nfine\n"


def test_a_read_only_tmpfs_gets_what_belongs_in_it_first(lab):
    mounts = [
        {"destination": "/run", "type": "tmpfs", "source": "tmpfs", "options": ["ro"]},
        {"destination": "/run/sub", "source": "/etc/hostname", "options": ["bind"]},
    ]
    code, output = shell(lab, "test -e /run/sub && touch /run/x", mounts=mounts)
    assert code == 1
    assert "Read-only file system" in output


def test_sysctls_names_and_limits_are_set(lab):
    script = (
        "cat /proc/sys/net/ipv4/ip_forward /proc/sys/kernel/msgmax /proc/sys/kernel/domainname;"
        "hostname; grep 'open files' /proc/self/limits"
    )
    code, output = shell(
        lab, script, linux={"sysctl": {"net.ipv4.ip_forward": "1", "kernel.msgmax": "9999"}},
        domainname="nis", process={"rlimits": [
            {"type": "RLIMIT_NOFILE", "soft": 100, "hard": 200},
        ]},
    )  # fmt: skip
    assert code == 0
    assert output.split() == [
        "1", "9999", "nis", "box", "Max", "open", "files", "100", "200", "files",
    ]  # fmt: skip


def test_an_unknown_sysctl_is_named(lab):
    spec = lab.spec("true")
    spec["linux"]["sysctl"] = {"net.no.such": "1"}
    failed = lab.failure(spec)
    assert failed["message"] == "error setting sysctl net.no.such: no such file or directory"


def test_the_working_directory_is_made_when_missing(lab):
    assert shell(lab, "pwd", process={"cwd": "/deep/down"}) == (0, "/deep/down\n")


def test_control_groups_are_shown_as_the_containers_own(lab):
    mounts = [
        {"destination": "/sys/fs/cgroup", "type": "cgroup", "source": "cgroup", "options": ["ro"]}
    ]
    script = (
        "cut -d: -f3 /proc/self/cgroup | sort -u;"
        "cat /sys/fs/cgroup/pids/pids.max /sys/fs/cgroup/pids.max; mkdir /sys/fs/cgroup/x; true"
    )
    spec = lab.spec("sh", "-c", script)
    spec["mounts"] += mounts
    spec["linux"]["resources"] = {"pids": {"limit": 77}}
    with group_in(detect()) as group:
        code, output = lab.run(spec, cgroup=group.to_dict())
    assert code == 0
    assert output.startswith("/\n")
    assert "\n77\n" in output
    assert "Read-only file system" in output


def test_a_hundred_mounts_of_tmpfs_are_made_in_order(lab):
    mounts = [
        {"destination": "/d" + "/x" * number, "type": "tmpfs", "source": "tmpfs", "options": []}
        for number in range(1, 40)
    ]
    code, output = shell(lab, "mount | grep -c tmpfs.on./d/", mounts=mounts)
    assert (code, output) == (0, "39\n")


def test_tini_stands_in_front_with_init(lab):
    spec = lab.spec("sh", "-c", "ps; sh -c 'exit 9'")
    code, output = lab.run(spec, init="/usr/bin/tini-static")
    assert code == 9
    assert "/sbin/docker-init -- sh" in output


def test_host_namespaces_can_be_kept(lab):
    spec = lab.spec("sh", "-c", "hostname; readlink /proc/self/ns/net; readlink /proc/self/ns/pid")
    spec["linux"]["namespaces"] = [{"type": "mount"}]
    code, output = lab.run(spec)
    assert code == 0
    assert output.split() == [
        socket.gethostname(), os.readlink("/proc/self/ns/net"), os.readlink("/proc/self/ns/pid"),
    ]  # fmt: skip


def test_a_program_in_the_hosts_pid_namespace_leaves_no_child(lab):
    spec = lab.spec("sh", "-c", "sleep 1000 & echo $!")
    spec["linux"]["namespaces"] = [{"type": "mount"}]
    with group_in(detect()) as group:
        code, output = lab.run(spec, cgroup=group.to_dict())
    assert code == 0
    assert not os.path.exists(f"/proc/{int(output)}")


def test_propagation_reaches_only_who_asked_for_it(lab, tmp_path):
    # Slave and private alike: what the container mounts stays in it.
    (tmp_path / "shared").mkdir()
    mounts = [{"destination": "/s", "source": f"{tmp_path}/shared", "options": ["rbind"]}]
    spec = lab.spec("sh", "-c", "mkdir /s/inner && mount -t tmpfs t /s/inner && touch /s/inner/x")
    spec["mounts"] += mounts
    for kind in spec["process"]["capabilities"].values():
        kind.append("CAP_SYS_ADMIN")
    assert lab.run(spec)[0] == 0
    assert os.listdir(tmp_path / "shared" / "inner") == []
