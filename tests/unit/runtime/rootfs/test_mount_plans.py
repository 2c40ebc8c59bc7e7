"""Plans of mounts, without mounting anything."""

from sampan.linux.flags import (
    MOUNT_ATTR_NOATIME,
    MOUNT_ATTR_NOEXEC,
    MOUNT_ATTR_RDONLY,
    MS_PRIVATE,
    MS_REC,
    MS_SHARED,
)
from sampan.runtime.rootfs.mounts import plan, plan_one

SHM = {"destination": "/dev/shm", "type": "tmpfs", "source": "shm", "options": ["size=64m"]}
DEV = {"destination": "/dev", "type": "tmpfs", "source": "tmpfs"}
DATA = {"destination": "/data", "source": "/srv", "type": "none", "options": ["rbind", "ro"]}


def test_order_is_the_order_of_the_spec():
    assert [step.target for step in plan([SHM, DEV])] == ["/dev/shm", "/dev"]


def test_words_without_a_flag_become_data():
    assert plan([SHM])[0].describe() == "tmpfs shm -> /dev/shm 0x0 size=64m"


def test_bind_mounts_have_no_filesystem_type_and_no_data():
    step = plan_one({**DATA, "options": ["rbind", "ro", "z"]})
    assert step.describe() == "bind /srv -> /data 0x5001"
    assert step.fstype == ""


def test_the_type_bind_is_enough_to_make_a_bind():
    step = plan_one({"destination": "/d", "type": "bind", "source": "/srv"})
    assert step.is_bind


def test_the_last_word_on_a_flag_wins():
    assert plan_one({**DEV, "options": ["ro", "rw"]}).flags == 0
    step = plan_one({**DATA, "options": ["rbind", "noexec", "ro", "rw"]})
    assert step.attr_set == MOUNT_ATTR_NOEXEC
    assert step.attr_clr == MOUNT_ATTR_RDONLY


def test_read_only_binds_are_made_so_by_an_attribute():
    assert plan_one(DATA).attr_set == MOUNT_ATTR_RDONLY


def test_recursive_attributes_reach_the_mounts_below():
    step = plan_one({**DATA, "options": ["rbind", "rro", "rnoatime"]})
    assert step.rec_set == MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOATIME
    assert step.describe().endswith("all +0x11 -0x70")


def test_propagation_is_kept_apart_from_the_flags():
    step = plan_one({**DATA, "options": ["bind", "rprivate", "shared"]})
    assert step.propagation == [MS_PRIVATE | MS_REC, MS_SHARED]


def test_a_mount_of_a_snapshot_driver_is_taken_as_it_stands():
    options = ["lowerdir=/a:/b", "upperdir=/u"]
    step = plan_one({"type": "overlay", "source": "overlay", "target": "", "options": options})
    assert step.describe() == "overlay overlay ->  0x0 lowerdir=/a:/b,upperdir=/u"
