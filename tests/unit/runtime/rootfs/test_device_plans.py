"""Which device nodes a container gets."""

import os
import stat

from sampan.runtime.rootfs.devices import DEFAULT, plan


def test_without_wishes_there_are_the_default_ones():
    assert [device.path for device in plan([])] == [path for path, _, _ in DEFAULT]


def test_a_wish_for_a_default_device_replaces_it():
    wish = {"path": "/dev/null", "type": "c", "major": 1, "minor": 3, "fileMode": 0o600, "uid": 7}
    (null,) = [device for device in plan([wish]) if device.path == "/dev/null"]
    assert (null.mode, null.uid, null.rdev) == (0o600, 7, os.makedev(1, 3))


def test_terminals_are_the_containers_own_whatever_the_spec_says():
    wishes = [
        {"path": "/dev/ptmx", "type": "c", "major": 5, "minor": 2},
        {"path": "dev/console", "type": "c", "major": 5, "minor": 1},
    ]
    assert len(plan(wishes)) == len(DEFAULT)


def test_pipes_and_block_devices_have_their_kinds():
    wishes = [
        {"path": "/dev/fifo", "type": "p"},
        {"path": "/dev/sda", "type": "b", "major": 8, "minor": 0},
    ]
    fifo, disk = plan(wishes)[-2:]
    assert stat.S_ISFIFO(fifo.kind)
    assert stat.S_ISBLK(disk.kind)
