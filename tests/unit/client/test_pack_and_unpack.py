"""Archives of cp: what is packed, and that nothing leads out of where it is unpacked."""

import io
import os
import stat
import tarfile

import pytest

from sampan.client.pack import pack
from sampan.client.unpack import unpack
from sampan.errors import InvalidRequest


@pytest.fixture
def tree(tmp_path):
    root = tmp_path / "src"
    (root / "d").mkdir(parents=True)
    (root / "a").write_bytes(b"a" * 1000)
    os.link(root / "a", root / "hard")
    (root / "d" / "b").write_text("b")
    (root / "link").symlink_to("a")
    (root / "away").symlink_to("/etc")
    os.mkfifo(root / "fifo")
    (root / "d").chmod(0o751)
    os.utime(root / "a", (1_000_000_000, 1_000_000_000))
    return root


def archive(*entries):
    """Make an archive of (name, type, what) entries."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        for name, kind, what in entries:
            info = tarfile.TarInfo(name)
            info.type = kind
            if kind == tarfile.REGTYPE:
                info.size = len(what)
                info.mode = 0o4755
                tar.addfile(info, io.BytesIO(what))
            else:
                info.mode = 0o755
                info.linkname = what
                tar.addfile(info)
    return [out.getvalue()]


def test_what_is_packed_is_unpacked_the_same(tree, tmp_path):
    unpack(pack(str(tree), "src"), str(tmp_path), "copy")
    copy = tmp_path / "copy"
    assert sorted(os.listdir(copy)) == ["a", "away", "d", "fifo", "hard", "link"]
    assert (copy / "a").read_bytes() == b"a" * 1000
    assert (copy / "a").stat().st_mtime == 1_000_000_000
    assert (copy / "a").stat().st_ino == (copy / "hard").stat().st_ino
    assert stat.S_IMODE((copy / "d").stat().st_mode) == 0o751
    assert os.readlink(copy / "away") == "/etc"
    assert stat.S_ISFIFO((copy / "fifo").stat().st_mode)


def test_packing_is_readable_by_others(tree):
    data = b"".join(pack(str(tree), "."))
    with tarfile.open(fileobj=io.BytesIO(data)) as tar:
        assert "./d/b" in tar.getnames()
        assert tar.extractfile("./a").read() == b"a" * 1000


def test_contents_merge_into_a_directory(tree, tmp_path):
    target = tmp_path / "there"
    target.mkdir()
    (target / "old").write_text("old")
    unpack(pack(str(tree), "."), str(target), ".")
    assert {"old", "a", "d"} <= set(os.listdir(target))


def test_a_file_takes_the_name_that_it_is_given(tree, tmp_path):
    unpack(pack(str(tree / "a"), "a"), str(tmp_path), "other")
    assert (tmp_path / "other").read_bytes() == b"a" * 1000


@pytest.mark.parametrize("name", ["../x", "a/../../x", "d/../../../x"])
def test_a_name_that_leads_out_is_refused(tmp_path, name):
    inside = tmp_path / "in"
    inside.mkdir()
    with pytest.raises(InvalidRequest, match="leads out of its directory"):
        unpack(archive((name, tarfile.REGTYPE, b"x")), str(inside), ".")
    assert os.listdir(tmp_path) == ["in"]


def test_an_absolute_name_stays_inside(tmp_path):
    unpack(archive(("/etc/x", tarfile.REGTYPE, b"x")), str(tmp_path), ".")
    assert (tmp_path / "etc" / "x").read_bytes() == b"x"


def test_nothing_is_written_through_a_link(tmp_path):
    inside, outside = tmp_path / "in", tmp_path / "out"
    inside.mkdir()
    outside.mkdir()
    with pytest.raises(InvalidRequest, match="will not unpack through what is no directory"):
        unpack(
            archive(("d", tarfile.SYMTYPE, str(outside)), ("d/x", tarfile.REGTYPE, b"x")),
            str(inside),
            ".",
        )
    assert os.listdir(outside) == []


def test_a_link_in_the_way_is_replaced_not_followed(tmp_path):
    victim = tmp_path / "victim"
    victim.write_text("mine")
    inside = tmp_path / "in"
    inside.mkdir()
    (inside / "f").symlink_to(victim)
    unpack(archive(("f", tarfile.REGTYPE, b"theirs")), str(inside), ".")
    assert victim.read_text() == "mine"
    assert (inside / "f").read_text() == "theirs"


def test_a_hard_link_cannot_reach_outside(tmp_path):
    (tmp_path / "secret").write_text("s")
    inside = tmp_path / "in"
    inside.mkdir()
    with pytest.raises(InvalidRequest, match="leads out"):
        unpack(archive(("l", tarfile.LNKTYPE, "../secret")), str(inside), ".")


def test_set_user_id_bits_are_dropped(tmp_path):
    unpack(archive(("su", tarfile.REGTYPE, b"x")), str(tmp_path), ".")
    assert stat.S_IMODE((tmp_path / "su").stat().st_mode) == 0o755


def test_devices_are_left_out_and_named(tmp_path):
    left = unpack(archive(("sda", tarfile.BLKTYPE, "")), str(tmp_path), ".")
    assert left == ["sda"]
    assert os.listdir(tmp_path) == []


def test_a_directory_is_not_replaced_by_a_file(tmp_path):
    (tmp_path / "d").mkdir()
    with pytest.raises(InvalidRequest, match='cannot overwrite directory "d"'):
        unpack(archive(("d", tarfile.REGTYPE, b"x")), str(tmp_path), ".")


def test_a_file_is_not_replaced_by_a_directory(tmp_path):
    (tmp_path / "d").write_text("x")
    with pytest.raises(InvalidRequest, match='cannot overwrite non-directory "d"'):
        unpack(archive(("d", tarfile.DIRTYPE, "")), str(tmp_path), ".")


def test_an_archive_that_breaks_off_is_told(tree, tmp_path):
    data = b"".join(pack(str(tree / "a"), "a"))
    with pytest.raises(InvalidRequest, match="cannot be read"):
        unpack([data[:700]], str(tmp_path), "b")
