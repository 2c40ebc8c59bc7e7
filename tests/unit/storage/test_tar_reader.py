"""Reading archives: every dialect there is, and every way to lie in one."""

import io
import os
import subprocess
import tarfile

import pytest
from tests.support.tars import blocks, directory, link, member, tar

from sampan.storage.tar import header, writer
from sampan.storage.tar.errors import TarError
from sampan.storage.tar.reader import Reader
from sampan.storage.tar.source import Source

FORMS = [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT]


def entries(data, size=1 << 16):
    return list(Reader(Source(blocks(data, size))))


def contents(data, size=1 << 16):
    reader = Reader(Source(blocks(data, size)))
    return {entry.name: b"".join(reader.chunks()) for entry in reader}


@pytest.mark.parametrize("form", FORMS)
def test_members_come_back_with_their_attributes(form):
    made = member("a/b", data=b"hello", mode=0o4755, uid=12, gid=34, mtime=1_700_000_000)
    (entry,) = entries(tar(made, form=form))
    assert entry.describe() == "0 4755 12:34 5 a/b"
    assert entry.mtime_ns == 1_700_000_000 * 10**9


@pytest.mark.parametrize("size", [1, 7, 511, 512, 513, 4096])
def test_blocks_of_any_size_give_the_same(size):
    data = tar(member("one", data=b"x" * 700), member("two", data=b"y" * 512), link("l", "one"))
    assert contents(data, size) == {"one": b"x" * 700, "two": b"y" * 512, "l": b""}


@pytest.mark.parametrize("form", [tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_long_names_and_links_are_whole(form):
    long = "/".join(["directory"] * 40)
    first, second = entries(tar(member(long), link("l", long + "/x"), form=form))
    assert first.name == long
    assert second.linkname == long + "/x"


def test_ustar_prefix_is_put_before_the_name():
    name = "p" * 80 + "/" + "n" * 60
    (entry,) = entries(tar(member(name), form=tarfile.USTAR_FORMAT))
    assert entry.name == name


@pytest.mark.parametrize("form", [tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_large_numbers_are_read(form):
    (entry,) = entries(tar(member("f", uid=3_000_000, gid=4_000_000_000, mtime=2**34), form=form))
    assert (entry.uid, entry.gid, entry.mtime_ns) == (3_000_000, 4_000_000_000, 2**34 * 10**9)


def test_times_before_the_epoch_are_read():
    (entry,) = entries(tar(member("f", mtime=-5), form=tarfile.GNU_FORMAT))
    assert entry.mtime_ns == -5 * 10**9


def test_fractions_of_seconds_are_read():
    (entry,) = entries(tar(member("f", pax_headers={"mtime": "12.25"}), form=tarfile.PAX_FORMAT))
    assert entry.mtime_ns == 12_250_000_000


def test_attributes_in_pax_records_are_read():
    extra = {"SCHILY.xattr.user.a": "v", "LIBARCHIVE.xattr.user.b": "dw"}
    (entry,) = entries(tar(member("f", pax_headers=extra), form=tarfile.PAX_FORMAT))
    assert entry.xattrs == {"user.a": b"v", "user.b": b"w"}


def test_names_that_are_not_utf8_survive():
    data = tar(member("caf\udce9"), form=tarfile.GNU_FORMAT)
    assert os.fsencode(entries(data)[0].name) == b"caf\xe9"


def test_a_directory_of_an_old_archive_is_known_by_its_slash():
    info, _ = directory("old/")
    raw = bytearray(info.tobuf(tarfile.USTAR_FORMAT))
    raw[156:157] = b"\0"
    raw[148:156] = b"%06o\0 " % (sum(raw) - sum(raw[148:156]) + 256)
    (entry,) = entries(bytes(raw) + bytes(1024))
    assert entry.type == header.DIRECTORY


@pytest.mark.parametrize("length", [99, 100, 155, 256, 300])
def test_a_name_cut_at_a_slash_is_still_a_file(length):
    name = "d/" * length + "f"
    (entry,) = entries(tar(member(name, data=b"x")))
    assert (entry.name, entry.type, entry.size) == (name, header.REGULAR, 1)


@pytest.mark.parametrize("form", ["gnu", "posix"])
@pytest.mark.parametrize("version", ["0.0", "0.1", "1.0"])
def test_sparse_files_of_gnu_tar_are_read(tmp_path, form, version):
    path = tmp_path / "holes"
    with open(path, "wb") as out:
        for at in range(6):
            out.seek(at << 20)
            out.write(b"data" * 256)
        out.truncate(10 << 20)
    command = ["tar", "-S", f"--format={form}", "-C", tmp_path, "-cf", "-", "holes"]
    if form == "posix":
        command.insert(2, f"--sparse-version={version}")
    data = subprocess.run(command, check=True, capture_output=True).stdout
    reader = Reader(Source(blocks(data)))
    (found,) = ((entry, b"".join(reader.chunks())) for entry in reader)
    entry, stored = found
    assert entry.name == "holes"
    assert entry.real_size == 10 << 20
    whole = bytearray(entry.real_size)
    for at, length in entry.sparse:
        whole[at : at + length], stored = stored[:length], stored[length:]
    assert bytes(whole) == path.read_bytes()


def test_an_archive_without_its_end_is_taken():
    data = tar(member("f", data=b"x" * 512))
    assert contents(data[:1024]) == {"f": b"x" * 512}


def test_everything_but_content_is_recorded():
    seen = []
    data = tar(member("a", data=b"1" * 1000), member("b", data=b"2" * 10)) + b"trailing"
    reader = Reader(Source(blocks(data, 300), seen.append))
    content = b"".join(b"".join(reader.chunks()) for _ in reader)
    assert len(b"".join(seen)) + len(content) == len(data)
    assert b"".join(seen).endswith(b"trailing")


def test_what_nobody_asks_for_is_recorded():
    seen = []
    data = tar(member("a", data=b"1" * 1000))
    list(Reader(Source(blocks(data), seen.append)))
    assert b"".join(seen) == data


BROKEN = {
    "cut in a header": tar(member("f", data=b"x" * 600))[:300],
    "cut in the data": tar(member("f", data=b"x" * 600))[:900],
    "a wrong checksum": b"g" + tar(member("f"))[1:],
    "no archive at all": b"this is just some text\n" * 100,
}


@pytest.mark.parametrize("data", BROKEN.values(), ids=BROKEN)
def test_broken_archive_is_refused(data):
    with pytest.raises(TarError):
        contents(data)


def pax(records):
    extra = header.build(header.Entry("", "x", size=len(records)), name=b"pax")
    body = records + bytes(-len(records) % 512)
    return extra + body + tar(member("f", data=b"1234"))


@pytest.mark.parametrize(
    "records",
    [
        b"999999 path=x\n",
        b"abc path=x\n",
        b"10 path=xx",
        b"10 mtime=x\n",
        b"13 size=-100\n",
        b"11 uid=bad\n",
        b"-5 path=x\n",
        b"28 GNU.sparse.map=0,1,2,3,4\n",
        b"25 GNU.sparse.map=0,99999\n",
        b"26 GNU.sparse.map=2,1,0,3\n",
    ],
)
def test_hostile_pax_records_are_refused(records):
    with pytest.raises(TarError):
        contents(pax(records))


def test_a_huge_extended_header_is_refused_before_it_is_read():
    raw = header.build(header.Entry("", "x", size=1 << 32), name=b"pax")
    with pytest.raises(TarError, match="too long"):
        entries(raw)


def test_a_header_with_a_negative_size_is_refused():
    info = tarfile.TarInfo("f")
    info.size = -1
    with pytest.raises(TarError, match="negative size"):
        entries(info.tobuf(tarfile.GNU_FORMAT) + bytes(1024))


def test_links_have_no_data_whatever_their_size_says():
    info = tarfile.TarInfo("l")
    info.type, info.linkname, info.size = tarfile.LNKTYPE, "x", 5000
    found = entries(info.tobuf() + tar(member("next", data=b"n")))
    assert [entry.name for entry in found] == ["l", "next"]


def test_ours_is_readable_by_the_standard_library():
    entry = header.Entry("déjà/" + "x" * 200, mode=0o640, size=5)
    entry.uid, entry.gid, entry.mtime_ns = 5_000_000, 7, 2**35 * 10**9
    entry.xattrs = {"security.capability": b"\x01\x00\xff"}
    data = writer.head(entry) + b"hello" + writer.padding(5) + writer.END
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        (info,) = archive.getmembers()
        assert (info.name, info.mode, info.uid, info.gid) == (entry.name, 0o640, 5_000_000, 7)
        assert info.mtime == 2**35
        assert archive.extractfile(info).read() == b"hello"
    (again,) = entries(data)
    assert again.xattrs == entry.xattrs
