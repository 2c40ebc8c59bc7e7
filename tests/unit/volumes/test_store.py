"""Volumes of the local driver."""

import os

import pytest

from sampan.base.data_root import DataRoot
from sampan.errors import Conflict, InvalidRequest, NotFound
from sampan.state.database import Database
from sampan.volumes.store import ANONYMOUS, Volumes


@pytest.fixture
def volumes(tmp_path):
    database = Database(str(tmp_path / "state.db"))
    yield Volumes(database, DataRoot(str(tmp_path)))
    database.close()


def nobody(_name: str) -> list[str]:
    return []


def test_a_volume_is_a_directory(volumes, tmp_path) -> None:
    volume, new = volumes.create("data")
    assert new
    assert volume.mountpoint == f"{tmp_path}/volumes/data/_data"
    assert os.path.isdir(volume.mountpoint)


def test_the_same_name_is_the_same_volume(volumes) -> None:
    first, _ = volumes.create("data", labels={"a": "b"})
    second, new = volumes.create("data")
    assert second is first
    assert not new


def test_without_a_name_it_is_anonymous(volumes) -> None:
    volume, _ = volumes.create()
    assert volume.anonymous
    assert volume.labels == {ANONYMOUS: ""}
    assert len(volume.name) == 64


@pytest.mark.parametrize("name", ["a/b", "..", "x", "-a", "a b", "ä" * 3])
def test_names_that_could_lead_elsewhere_are_refused(volumes, name) -> None:
    with pytest.raises(InvalidRequest, match="invalid characters for a local volume name"):
        volumes.create(name)


def test_an_unknown_driver_is_refused(volumes) -> None:
    with pytest.raises(InvalidRequest, match='plugin "nfs" not found'):
        volumes.create("data", "nfs")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"color": "red"}, 'invalid option: "color"'),
        ({"type": "nfs"}, "missing device"),
        ({"o": "ro"}, "missing required option"),
        ({"size": "1g"}, "no quota support"),
    ],
)
def test_options_are_checked(volumes, options, words) -> None:
    with pytest.raises(InvalidRequest, match=words):
        volumes.create("data", options=options)


def test_other_options_for_the_same_name_are_a_conflict(volumes) -> None:
    volumes.create("data", options={"type": "none", "o": "bind", "device": "/srv"})
    with pytest.raises(Conflict):
        volumes.create("data", options={"type": "none", "o": "bind", "device": "/opt"})


def test_a_volume_in_use_stays(volumes) -> None:
    volumes.create("data")
    with pytest.raises(Conflict, match=r"remove data: volume is in use - \[c1\]"):
        volumes.remove("data", lambda _: ["c1"])


def test_a_missing_volume_is_an_error_unless_forced(volumes) -> None:
    with pytest.raises(NotFound):
        volumes.remove("data", nobody)
    assert volumes.remove("data", nobody, force=True) is False


def test_removed_and_erased_nothing_is_left(volumes, tmp_path) -> None:
    volume, _ = volumes.create("data")
    open(f"{volume.mountpoint}/file", "w").close()
    assert volumes.remove("data", nobody)
    volumes.erase(volume)
    assert os.listdir(tmp_path / "volumes") == []


def test_a_volume_with_a_device_is_mounted_inside_the_container(volumes) -> None:
    options = {"type": "nfs", "device": ":/srv", "o": "addr=10.0.0.1,rw"}
    volume, _ = volumes.create("data", options=options)
    assert volumes.driver("local").mount(volume, "/x", ["rprivate", "ro"]) == {
        "destination": "/x",
        "type": "nfs",
        "source": ":/srv",
        "options": ["addr=10.0.0.1", "rw", "ro"],
    }
