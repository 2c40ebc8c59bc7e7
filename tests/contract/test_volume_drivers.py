"""What sampan.volumes.driver promises, held by every driver."""

import os

import pytest

from sampan.base.data_root import DataRoot
from sampan.errors import InvalidRequest
from sampan.state.volumes import Volume
from sampan.volumes.local import LocalDriver


@pytest.fixture(params=[LocalDriver])
def driver(request, tmp_path):
    return request.param(DataRoot(str(tmp_path)))


@pytest.fixture
def volume(driver):
    made = Volume(name="data", driver=driver.name)
    made.mountpoint = driver.create(made)
    yield made
    driver.remove(made)


def test_a_new_volume_is_an_empty_directory(driver, volume):
    assert os.listdir(volume.mountpoint) == []


def test_making_it_again_keeps_what_is_in_it(driver, volume):
    open(f"{volume.mountpoint}/file", "w").close()
    assert driver.create(volume) == volume.mountpoint
    assert os.listdir(volume.mountpoint) == ["file"]


def test_its_mount_shows_the_mountpoint_and_passes_options_on(driver, volume):
    mount = driver.mount(volume, "/inside", ["rprivate", "ro"])
    assert mount["destination"] == "/inside"
    assert mount["source"] == volume.mountpoint
    assert {"rprivate", "ro"} <= set(mount["options"])


def test_usage_counts_bytes_once(driver, volume):
    with open(f"{volume.mountpoint}/one", "wb") as file:
        file.write(b"x" * 1000)
    os.link(f"{volume.mountpoint}/one", f"{volume.mountpoint}/two")
    os.symlink("/etc/passwd", f"{volume.mountpoint}/three")
    assert 1000 <= driver.usage(volume) < 2000


def test_removing_removes_everything_and_can_be_repeated(driver, volume):
    os.makedirs(f"{volume.mountpoint}/deep/deeper")
    os.symlink("/etc", f"{volume.mountpoint}/trap")
    driver.remove(volume)
    driver.remove(volume)
    assert not os.path.exists(volume.mountpoint)
    assert os.path.exists("/etc/passwd")


def test_nonsense_is_refused_before_anything_is_made(driver):
    with pytest.raises(InvalidRequest):
        driver.check({"no-such-option": "1"})
