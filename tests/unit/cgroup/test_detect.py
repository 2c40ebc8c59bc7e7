"""Which hierarchies a mountinfo file tells of."""

import pytest

from sampan.cgroup.detect import parse
from sampan.cgroup.driver import from_dict
from sampan.errors import InvalidRequest

V1 = """\
25 1 0:24 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory
26 1 0:25 / /sys/fs/cgroup/cpu,cpuacct rw,relatime shared:9 - cgroup cgroup rw,cpu,cpuacct
27 1 0:26 / /sys/fs/cgroup/systemd rw - cgroup cgroup rw,xattr,release_agent=/x,name=systemd
"""
V2 = "30 1 0:27 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw,nsdelegate\n"
OTHER = "31 1 8:1 / / rw - ext4 /dev/sda1 rw\n"


def test_trees_of_v1_are_found():
    found = parse(OTHER + V1)
    assert found.version == "v1"
    assert found.mounts == {
        "memory": "/sys/fs/cgroup/memory",
        "cpu": "/sys/fs/cgroup/cpu,cpuacct",
        "cpuacct": "/sys/fs/cgroup/cpu,cpuacct",
        "name=systemd": "/sys/fs/cgroup/systemd",
    }


def test_tree_of_v2_is_found():
    found = parse(OTHER + V2)
    assert (found.version, found.unified, found.mounts) == ("v2", "/sys/fs/cgroup", {})


def test_both_kinds_at_once_are_hybrid():
    assert parse(V1 + V2.replace("/sys/fs/cgroup", "/sys/fs/cgroup/unified")).version == "hybrid"


def test_v2_with_a_named_tree_beside_it_is_v2():
    assert parse(V2 + V1.splitlines()[2]).version == "v2"


def test_bind_mount_of_the_v2_tree_is_not_taken_for_it():
    found = parse(V2 + V2.replace(" /sys/fs/cgroup ", " /var/lib/machines/x/cgroup "))
    assert found.unified == "/sys/fs/cgroup"


def test_blanks_in_mount_points_are_undone():
    assert parse(V2.replace("/sys/fs/cgroup", "/a\\040b")).unified == "/a b"


def test_shared_tree_is_one_directory():
    group = parse(V1).group("/sampan/x")
    assert group.paths() == {
        "/sys/fs/cgroup/memory": "/sys/fs/cgroup/memory/sampan/x",
        "/sys/fs/cgroup/cpu,cpuacct": "/sys/fs/cgroup/cpu,cpuacct/sampan/x",
        "/sys/fs/cgroup/systemd": "/sys/fs/cgroup/systemd/sampan/x",
    }
    assert from_dict(group.to_dict()).paths() == group.paths()


@pytest.mark.parametrize("path", ["", "/", "../x", "/a/../../b", "/./"])
def test_group_cannot_be_outside_the_tree(path):
    with pytest.raises(InvalidRequest, match="must be below the top"):
        parse(V1).group(path)
