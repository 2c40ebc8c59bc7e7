"""Every compression, in one piece and in many, whole and damaged."""

import bz2
import gzip
import hashlib
import lzma
import os

import pytest
import zstandard
from tests.support.tars import blocks

from sampan.storage.compression import BadCompression, detect, plain
from sampan.storage.pipeline import Ahead, Hashed, peek, read_blocks

DATA = os.urandom(100_000) + bytes(3_000_000) + b"the end"


def zstd(data):
    return zstandard.ZstdCompressor(write_checksum=True).compress(data)


def zstd_stream(data):
    """Frames without a content size, as pipes make them."""
    packer = zstandard.ZstdCompressor().compressobj()
    return packer.compress(data) + packer.flush()


KINDS = {
    "gzip": gzip.compress,
    "bzip2": bz2.compress,
    "xz": lzma.compress,
    "zstd": zstd,
    "zstd-stream": zstd_stream,
}


@pytest.fixture(params=KINDS)
def kind(request):
    return request.param


def unpacked(data, size=4096):
    name, stream = plain(blocks(data, size))
    return name, b"".join(bytes(block) for block in stream)


@pytest.mark.parametrize("size", [1000, 1 << 20])
def test_bytes_come_back(kind, size):
    assert unpacked(KINDS[kind](DATA), size) == (kind.partition("-")[0], DATA)


def test_several_members_are_one_stream(kind):
    pack = KINDS[kind]
    assert unpacked(pack(b"one") + pack(b"two") + pack(b""))[1] == b"onetwo"


def test_a_cut_stream_is_an_error(kind):
    packed = KINDS[kind](DATA)
    for length in (len(packed) - 1, len(packed) // 2, 12):
        with pytest.raises(BadCompression):
            unpacked(packed[:length])


@pytest.mark.parametrize("checked", ["gzip", "bzip2", "xz", "zstd"])
def test_damage_is_an_error(checked):
    packed = bytearray(KINDS[checked](DATA))
    packed[len(packed) // 2] ^= 0xFF
    with pytest.raises(BadCompression):
        unpacked(bytes(packed))


def test_zeros_after_the_last_gzip_member_are_padding():
    assert unpacked(gzip.compress(b"x") + bytes(512))[1] == b"x"


def test_a_skippable_zstd_frame_comes_first():
    frame = b"\x50\x2a\x4d\x18" + (5).to_bytes(4, "little") + b"notes"
    assert unpacked(frame + zstd(b"x")) == ("zstd", b"x")


def test_plain_bytes_pass():
    assert unpacked(DATA) == ("", DATA)
    assert unpacked(b"") == ("", b"")


def test_names_are_not_asked():
    assert detect(b"BZh9") == "bzip2"
    assert detect(b"BZ") == ""


def test_a_stream_ahead_keeps_order_and_raises_late():
    def stream():
        yield b"1"
        yield b"2"
        raise OSError("disk")

    with Ahead(stream(), "test") as ahead:
        assert next(ahead) + next(ahead) == b"12"
        with pytest.raises(OSError, match="disk"):
            next(ahead)


def test_a_stream_ahead_that_nobody_reads_ends():
    with Ahead(iter([b"x"] * 1000), "test") as ahead:
        next(ahead)


@pytest.mark.parametrize("length", [0, 10, 1 << 20])
def test_hashing_on_the_way_gives_the_digest(length):
    data = os.urandom(length)
    with Hashed(blocks(data, 100_000)) as hashed:
        assert b"".join(hashed) == data
        assert hashed.digest() == f"sha256:{hashlib.sha256(data).hexdigest()}"
        assert hashed.size == length


def test_peeking_takes_nothing():
    head, stream = peek(iter([b"ab", b"", b"cd", b"ef"]), 3)
    assert (head, b"".join(stream)) == (b"abc", b"abcdef")
    assert peek(iter([]), 3)[0] == b""


def test_a_file_is_read_in_blocks(tmp_path):
    (tmp_path / "f").write_bytes(DATA)
    with open(tmp_path / "f", "rb", buffering=0) as opened:
        assert b"".join(read_blocks(opened, 999)) == DATA
