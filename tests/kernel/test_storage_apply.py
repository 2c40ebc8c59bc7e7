"""Layers of an attacker: nothing lands outside, nothing outside changes, and the error says why."""

import os
import random
import stat
import tarfile
from contextlib import suppress

import pytest
from tests.support.tars import blocks, device, directory, hardlink, link, member, tar

from sampan.storage import tree
from sampan.storage.tar import diff
from sampan.storage.tar.apply import apply
from sampan.storage.tar.errors import Breakout, TarError
from sampan.storage.tar.whiteouts import OverlayWhiteouts, PlainWhiteouts

pytestmark = pytest.mark.root


@pytest.fixture
def place(tmp_path):
    """A directory to unpack into, with something precious beside it."""
    (tmp_path / "root").mkdir()
    (tmp_path / "precious").write_text("untouched")
    yield tmp_path / "root"
    assert (tmp_path / "precious").read_text() == "untouched"
    assert sorted(os.listdir(tmp_path)) == ["precious", "root"]
    tree.remove(str(tmp_path / "root"))


def unpack(place, *members, whiteouts=None, form=tarfile.GNU_FORMAT):
    return unpack_raw(place, tar(*members, form=form), whiteouts)


def unpack_raw(place, data, whiteouts=None):
    fd = os.open(place, os.O_RDONLY | os.O_DIRECTORY)
    try:
        return apply(blocks(data), fd, whiteouts or OverlayWhiteouts())
    finally:
        os.close(fd)


@pytest.mark.parametrize("name", ["../evil", "a/../../evil", "./../../evil"])
def test_names_that_climb_out_are_refused(place, name):
    with pytest.raises(Breakout, match="outside of the destination"):
        unpack(place, member(name, data=b"x"))


def test_absolute_names_land_inside(place):
    unpack(place, member("/etc/evil", data=b"x"))
    assert (place / "etc" / "evil").read_bytes() == b"x"


@pytest.mark.parametrize("target", ["{}/..", "/", "../../../../../../../..", "/proc/self/root"])
def test_writing_through_a_symlink_stays_inside(place, target):
    unpack(place, link("out", target.format(place)))
    with suppress(TarError):  # a link to nowhere inside is refused
        unpack(place, member("out/precious", data=b"overwritten"))


def test_a_symlink_in_the_place_of_a_file_is_replaced_not_followed(place):
    unpack(place, link("f", "../precious"), member("f", data=b"mine"))
    assert (place / "f").read_bytes() == b"mine"
    assert not (place / "f").is_symlink()


def test_a_symlink_in_the_place_of_a_directory_is_replaced_not_followed(place):
    before = os.stat(place.parent)
    unpack(place, link("d", ".."), directory("d", mode=0o711, uid=77))
    assert stat.S_ISDIR(os.lstat(place / "d").st_mode)
    after = os.stat(place.parent)
    assert (after.st_mode, after.st_uid) == (before.st_mode, before.st_uid)


@pytest.mark.parametrize("target", ["../precious", "/../../precious", "a/../../precious"])
def test_hard_links_to_the_outside_are_refused(place, target):
    with pytest.raises(Breakout, match="invalid hardlink"):
        unpack(place, hardlink("f", target))


def test_a_hard_link_does_not_follow_a_symlink_out(place):
    unpack(place, link("l", "../precious"), hardlink("f", "l"))
    assert os.readlink(place / "f") == "../precious"
    with pytest.raises(TarError, match="invalid hardlink"):
        unpack(place, link("d", ".."), hardlink("g", "d/precious"))


def test_a_hard_link_to_nothing_says_so(place):
    with pytest.raises(TarError, match=r"invalid hardlink 'f' -> 'missing': no such file"):
        unpack(place, hardlink("f", "missing"))


def test_a_hard_link_to_itself_or_a_directory_is_refused(place):
    to_directory = [directory("d"), hardlink("f", "d")]
    for members in ([hardlink("f", "f")], to_directory, [hardlink("f", "")]):
        with pytest.raises(TarError):
            unpack(place, *members)


@pytest.mark.parametrize("name", [".wh.", "a/.wh...", ".wh..", "../.wh.precious"])
@pytest.mark.parametrize("kind", [OverlayWhiteouts, PlainWhiteouts])
def test_whiteouts_outside_are_refused(place, name, kind):
    with pytest.raises(Breakout):
        unpack(place, member(name), whiteouts=kind())


@pytest.mark.parametrize("kind", [OverlayWhiteouts, PlainWhiteouts])
def test_whiteouts_through_a_symlink_stay_inside(place, kind):
    unpack(place, link("up", ".."), member("up/.wh.precious"), whiteouts=kind())
    unpack(place, link("dir", "../"), member("dir/.wh..wh..opq"), whiteouts=kind())


def test_files_of_aufs_are_left_out(place):
    unpack(place, directory(".wh..wh.plnk"), member(".wh..wh.plnk/1.2"), member(".wh..wh.aufs"))
    assert os.listdir(place) == []


def test_devices_are_made_as_they_are(place):
    unpack(place, device("null", 1, 3), device("loop", 7, 0, tarfile.BLKTYPE))
    assert os.lstat(place / "null").st_rdev == os.makedev(1, 3)
    assert stat.S_ISBLK(os.lstat(place / "loop").st_mode)


def test_a_forged_whiteout_device_is_refused(place):
    with pytest.raises(TarError, match="overlay's mark"):
        unpack(place, device("f", 0, 0))


def test_overlays_own_attributes_cannot_be_forged(place):
    records = {
        f"SCHILY.xattr.{name}": "/etc"
        for name in ("trusted.overlay.redirect", "user.overlay.redirect", "trusted.x", "user.fine")
    }
    made = member("d", tarfile.DIRTYPE, pax_headers=records)
    unpack(place, made, form=tarfile.PAX_FORMAT)
    assert os.listxattr(place / "d") == ["user.fine"]


def test_a_sparse_bomb_takes_no_room(place):
    records = {
        "GNU.sparse.major": "1",
        "GNU.sparse.minor": "0",
        "GNU.sparse.name": "bomb",
        "GNU.sparse.realsize": str(1 << 40),
    }
    made = member("x", data=b"0\n".ljust(512, b"\0"), pax_headers=records)
    unpack(place, made, form=tarfile.PAX_FORMAT)
    status = os.stat(place / "bomb")
    assert (status.st_size, status.st_blocks) == (1 << 40, 0)


def test_a_file_larger_than_the_file_system_can_hold_is_refused(place):
    records = {"GNU.sparse.major": "1", "GNU.sparse.name": "f", "GNU.sparse.realsize": str(1 << 62)}
    made = member("x", data=b"0\n".ljust(512, b"\0"), pax_headers=records)
    with pytest.raises(TarError, match="File too large|Invalid argument"):
        unpack(place, made, form=tarfile.PAX_FORMAT)


def test_an_entry_that_promises_more_than_it_has_is_refused(place):
    info = tarfile.TarInfo("huge")
    info.size = 1 << 50
    with pytest.raises(TarError, match="unexpected end"):
        unpack_raw(place, info.tobuf(tarfile.GNU_FORMAT) + b"x" * 5000)


def test_holes_stay_holes(place):
    records = {"GNU.sparse.map": f"0,3,{1 << 20},3", "GNU.sparse.size": str(2 << 20)}
    made = member("f", data=b"onetwo", pax_headers=records)
    unpack(place, made, form=tarfile.PAX_FORMAT)
    content = (place / "f").read_bytes()
    assert content[:3] + content[1 << 20 : (1 << 20) + 3] == b"onetwo"
    assert len(content) == 2 << 20
    assert os.stat(place / "f").st_blocks * 512 < 1 << 20


@pytest.mark.parametrize(
    "made",
    [
        member("n" * 300),
        member("f/child"),
        member("./."),
        member("x", kind=b"Q"),
        member("x", uid=(1 << 32) - 1),
        device("x", 1 << 40, 1),
    ],
    ids=["long name", "below a file", "root as a file", "unknown type", "no owner", "device"],
)
def test_what_cannot_be_made_is_refused_with_its_name(place, made):
    with pytest.raises(TarError):
        unpack(place, member("f"), made)


def test_times_that_cannot_be_are_the_epoch(place):
    unpack(place, member("old", mtime=-5), member("far", mtime=2**40))
    assert os.stat(place / "old").st_mtime == 0
    assert os.stat(place / "far").st_mtime == 0


def test_setuid_survives_the_change_of_owner(place):
    unpack(place, member("su", mode=0o6755, uid=1000, gid=1000))
    status = os.stat(place / "su")
    assert (stat.S_IMODE(status.st_mode), status.st_uid) == (0o6755, 1000)


def test_a_deep_tree_is_made_and_removed(place):
    depth = "d/" * 1500
    unpack(place, member(f"{depth}f", data=b"x"))
    tree.remove(str(place / "d"))
    assert os.listdir(place) == []


def test_a_directory_moved_away_while_it_is_emptied_stops_the_removal(place, monkeypatch):
    (place / "a" / "b" / "c").mkdir(parents=True)
    (place / "a" / "b" / "c" / "f").touch()
    (place / "a" / "c").touch()
    (place / "keep").touch()
    clear = tree._clear_files

    def moved(here):
        child = clear(here)
        if not child:
            os.rename(place / "a" / "b" / "c", place / "c")
        return child

    monkeypatch.setattr(tree, "_clear_files", moved)
    with pytest.raises(OSError, match="moved while it was removed"):
        tree.remove(str(place / "a"))
    assert (place / "keep").exists()
    monkeypatch.undo()


def test_usage_counts_hard_links_once(place):
    unpack(place, member("f", data=b"x" * 100), hardlink("g", "f"), link("l", "f"))
    assert tree.usage(str(place)) == 100


def test_damaged_archives_are_errors_of_the_archive_and_nothing_else(place):
    whole = bytearray(
        tar(
            directory("d"), member("d/f", data=b"x" * 700), link("d/l", "../.."),
            hardlink("h", "d/f"), member("d/.wh.x"), member("y" * 150, uid=5_000_000),
            device("null", 1, 3), form=tarfile.GNU_FORMAT,
        )
    )  # fmt: skip
    chance = random.Random(20240607)
    for _ in range(400):
        data = bytearray(whole)
        for _ in range(chance.randrange(1, 4)):
            header = chance.randrange(11) * 512
            data[header + chance.randrange(345)] = chance.randrange(256)
        _mend(data)
        with suppress(TarError):
            unpack_raw(place, bytes(data[: chance.choice([len(data), 3000])]))
        tree.empty(str(place))


def _mend(data):
    """Give every header a right checksum again, so that the damage is met behind it."""
    for at in range(0, len(data) - 512, 512):
        if data[at + 257 : at + 262] == b"ustar":
            data[at + 148 : at + 156] = b" " * 8
            data[at + 148 : at + 156] = b"%06o\0 " % sum(data[at : at + 512])


def test_a_container_that_writes_while_it_is_read_gives_a_whole_archive(place):
    (place / "upper").mkdir()
    (place / "upper" / "log").write_bytes(b"x" * 3000)
    upper = os.open(place / "upper", os.O_RDONLY)
    try:
        walked = diff.walk_upper(upper, None)
        parts = diff.blocks(_shrink(walked, place / "upper" / "log"))
        data = b"".join(parts)
    finally:
        os.close(upper)
    assert len(data) % 512 == 0
    (place / "again").mkdir()
    unpack_raw(place / "again", data)


def _shrink(walked, path):
    for item in walked:
        yield item
        with open(path, "wb") as opened:
            opened.write(b"y" * 10)
