"""Mounts of a container, without mounting anything."""

import pytest

from sampan.engine.spec.mounts import Base, base, root_propagation, tmpfs_of_option, with_users
from sampan.errors import InvalidRequest
from sampan.schema.mount import MountPoint


def places(mounts) -> list[str]:
    return [mount["destination"] for mount in mounts]


def options(mounts, destination: str) -> list[str]:
    return next(mount for mount in mounts if mount["destination"] == destination)["options"]


def test_parents_come_before_children() -> None:
    points = [
        MountPoint(type="bind", source="/s/3", destination="/a/b/c"),
        MountPoint(type="bind", source="/s/1", destination="/a"),
        MountPoint(type="bind", source="/s/2", destination="/a/b"),
    ]
    found = with_users([], {"/etc/hosts": "/x/hosts"}, points, [tmpfs_of_option("/a/b/c/d", "")])
    assert places(found) == ["/a", "/etc/hosts", "/a/b", "/a/b/c", "/a/b/c/d"]


def test_a_mount_of_the_users_replaces_a_standard_one_and_a_file() -> None:
    point = MountPoint(type="bind", source="/mine", destination="/etc/hosts")
    shm = MountPoint(type="bind", source="/shm", destination="/dev/shm")
    found = with_users(base(Base()), {"/etc/hosts": "/x"}, [point, shm], [])
    assert places(found).count("/etc/hosts") == 1
    assert [m["source"] for m in found if m["destination"] == "/dev/shm"] == ["/shm"]


def test_sys_and_cgroups_are_read_only_unless_privileged() -> None:
    assert "ro" in options(base(Base()), "/sys")
    assert "ro" in options(base(Base()), "/sys/fs/cgroup")
    assert "rw" in options(base(Base(writable=True)), "/sys")
    assert "rw" in options(base(Base(writable_cgroups=True)), "/sys/fs/cgroup")


def test_shared_memory_has_its_size_or_is_not_there() -> None:
    assert "size=1024" in options(base(Base(shm_size=1024)), "/dev/shm")
    assert "/dev/shm" not in places(base(Base(shm=False)))


def test_a_read_only_bind_says_so() -> None:
    point = MountPoint(type="bind", source="/s", destination="/d", rw=False)
    assert options(with_users([], {}, [point], []), "/d") == ["rbind", "rprivate", "ro"]


def test_tmpfs_is_closed_unless_opened() -> None:
    assert tmpfs_of_option("/t", "")["options"] == ["noexec", "nosuid", "nodev"]
    assert tmpfs_of_option("/t", "exec,size=1m")["options"] == [
        "nosuid",
        "nodev",
        "exec",
        "size=1m",
    ]


def test_tmpfs_options_are_checked() -> None:
    with pytest.raises(InvalidRequest, match="invalid tmpfs option"):
        tmpfs_of_option("/t", "lowerdir=/")


def test_the_root_propagates_as_far_as_a_bind_needs() -> None:
    def point(propagation: str) -> MountPoint:
        return MountPoint(type="bind", propagation=propagation)

    assert root_propagation([point("rprivate")]) == ""
    assert root_propagation([point("rslave")]) == "slave"
    assert root_propagation([point("rslave"), point("shared")]) == "shared"
