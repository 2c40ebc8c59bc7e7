"""Looking at trees without leaving a mount, and finding out which driver works."""

import logging
import os
import threading

import pytest

from sampan.base.data_root import DataRoot
from sampan.errors import InvalidRequest
from sampan.storage import detached, rootfs
from sampan.storage.driver import Mount
from sampan.storage.drivers import choice
from sampan.storage.drivers.overlay import Overlay
from sampan.storage.drivers.vfs import Vfs

pytestmark = pytest.mark.root


@pytest.fixture
def overlay(tmp_path):
    """An overlay of one lower directory, and a volume."""
    for name in ("lower", "upper", "work", "volume"):
        (tmp_path / name).mkdir()
    (tmp_path / "lower" / "below").write_text("lower")
    (tmp_path / "lower" / "data").symlink_to("/real")
    (tmp_path / "lower" / "real").mkdir()
    (tmp_path / "volume" / "inside").write_text("volume")
    options = [f"{name}dir={tmp_path}/{name}" for name in ("lower", "upper", "work")]
    return Mount("overlay", "overlay", "", options)


@pytest.fixture(params=["detached", "namespace"])
def way(request, monkeypatch):
    if request.param == "namespace":

        def refuse(_step):
            raise detached.NotDetachable("as on an old kernel")

        monkeypatch.setattr(detached, "mount", refuse)


def mounts():
    with open("/proc/self/mountinfo", encoding="utf-8") as lines:
        return sorted(line.split(" ", 1)[1] for line in lines)


@pytest.mark.usefixtures("way")
def test_a_view_shows_and_takes_files_and_leaves_no_mount(overlay, tmp_path):
    before = mounts()

    def work(root_fd):
        os.mkdir("made", dir_fd=root_fd)
        assert mounts() == before
        return sorted(os.listdir(root_fd))

    assert rootfs.view([overlay], work) == ["below", "data", "made", "real"]
    assert mounts() == before
    assert (tmp_path / "upper" / "made").is_dir()


@pytest.mark.usefixtures("way")
def test_errors_of_the_work_and_of_the_mount_come_out(overlay):
    with pytest.raises(ZeroDivisionError):
        rootfs.view([overlay], lambda _: 1 // 0)
    missing = overlay._replace(options=["lowerdir=/nowhere"])
    with pytest.raises(OSError, match="No such file"):
        rootfs.view([missing], lambda _: None)


def test_volumes_are_shown_where_their_path_leads_inside(overlay, tmp_path):
    volume = Mount("bind", f"{tmp_path}/volume", "/data/vol", ["rbind", "ro"])

    def work(root_fd):
        fd = os.open("real/vol/inside", os.O_RDONLY, dir_fd=root_fd)
        with os.fdopen(fd) as opened:
            assert opened.read() == "volume"
        with pytest.raises(OSError, match="Read-only"):
            os.open("real/vol/new", os.O_CREAT | os.O_WRONLY, dir_fd=root_fd)

    before = mounts(), threading.active_count()
    rootfs.view([overlay, volume], work)
    assert (mounts(), threading.active_count()) == before
    assert not os.path.exists("/real/vol")


def test_overlay_is_chosen_where_it_works(tmp_path):
    assert isinstance(choice.choose(DataRoot(str(tmp_path))), Overlay)
    assert os.listdir(tmp_path / "tmp") == []


def test_a_data_root_on_an_overlay_gets_copies_and_a_reason(overlay, caplog):
    caplog.set_level(logging.WARNING)

    def work(root_fd):
        return choice.choose(DataRoot(f"/proc/self/fd/{root_fd}/root"))

    assert isinstance(rootfs.view([overlay], work), Vfs)
    assert "using the vfs storage driver" in caplog.text
    assert "Invalid argument" in caplog.text


def test_a_driver_can_be_asked_for_by_dockerd_s_names(tmp_path):
    assert isinstance(choice.choose(DataRoot(str(tmp_path)), "overlay2"), Overlay)
    assert isinstance(choice.choose(DataRoot(str(tmp_path)), "vfs"), Vfs)
    with pytest.raises(InvalidRequest, match="unknown storage driver btrfs"):
        choice.choose(DataRoot(str(tmp_path)), "btrfs")


def test_a_data_root_that_mount_options_cannot_name_is_refused(tmp_path):
    with pytest.raises(InvalidRequest, match="may not contain"):
        Overlay(DataRoot(f"{tmp_path}/a:b"))
