"""Compressed streams: which kind it is, and its plain bytes. Compresses nothing.

gzip through isal (several times faster than zlib), zstd, xz and bzip2; recognised by their first
bytes, never by a name. All of them may come in several members, one after the other.
"""

import bz2
import lzma
from collections.abc import Callable, Generator, Iterator
from typing import BinaryIO, Protocol, cast

import zstandard
from isal import igzip_lib, isal_zlib

from sampan.errors import InvalidRequest
from sampan.storage.pipeline import Block, peek

OUTPUT = 1 << 20
# What a hostile stream may make a decompressor allocate for its window or dictionary.
MEMORY = 512 << 20

MAGIC = (
    (b"\x1f\x8b\x08", "gzip"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"\xfd7zXZ\0", "xz"),
    (b"BZh", "bzip2"),
)
_LONGEST = 6


class _Decompressor(Protocol):
    @property
    def eof(self) -> bool: ...

    @property
    def needs_input(self) -> bool: ...

    @property
    def unused_data(self) -> bytes: ...

    def decompress(self, data: bytes, max_length: int = -1) -> bytes: ...


class BadCompression(InvalidRequest):
    """The compressed stream is damaged or ends too early."""


def detect(head: bytes) -> str:
    """Name the compression of a stream by its first bytes; "" when it is plain."""
    for magic, name in MAGIC:
        if head.startswith(magic):
            return name
    # A zstd stream may begin with a skippable frame (RFC 8878, 3.1.2).
    if len(head) >= 4 and head[1:4] == b"\x2a\x4d\x18" and head[0] & 0xF0 == 0x50:
        return "zstd"
    return ""


def plain(blocks: Iterator[Block]) -> tuple[str, Iterator[Block]]:
    """Recognise a stream; give the name of its compression and its plain bytes."""
    head, blocks = peek(blocks, _LONGEST)
    kind = detect(head)
    if not kind:
        return "", blocks
    if kind == "zstd":
        return kind, _zstd(blocks)
    return kind, _members(_MAKERS[kind], kind, blocks)


_DAMAGED: tuple[type[Exception], ...] = (
    OSError,
    EOFError,
    ValueError,
    lzma.LZMAError,
    cast("type[Exception]", isal_zlib.error),  # its stub calls it an instance
)


def _gzip() -> _Decompressor:
    made: _Decompressor = igzip_lib.IgzipDecompressor(flag=igzip_lib.DECOMP_GZIP)
    return made


_MAKERS: dict[str, Callable[[], _Decompressor]] = {
    "gzip": _gzip,
    "bzip2": bz2.BZ2Decompressor,
    "xz": lambda: lzma.LZMADecompressor(memlimit=MEMORY),
}


def _members(
    make: Callable[[], _Decompressor], kind: str, blocks: Iterator[Block]
) -> Iterator[bytes]:
    """Decompress member after member; what follows the last one may only be zeros."""
    try:
        rest = b""
        while True:
            rest = rest or bytes(next(blocks, b""))
            if not rest.strip(b"\0"):
                if not rest:
                    return
                rest = b""  # padding after the last member, as tapes and dd leave it
                continue
            one = make()
            yield from _member(one, kind, rest, blocks)
            rest = one.unused_data
    except _DAMAGED as error:
        raise BadCompression(f"{kind}: {error}") from error


def _member(
    one: _Decompressor, kind: str, data: bytes, blocks: Iterator[Block]
) -> Iterator[bytes]:
    while not one.eof:
        out = one.decompress(data, OUTPUT)
        data = b""
        if out:
            yield out
        if one.needs_input and not one.eof:
            data = bytes(next(blocks, b""))
            if not data:
                raise EOFError("unexpected end of compressed data")


class _Feed:
    """A zstd stream as the file object that zstandard reads.

    zstandard takes the end of its input in the middle of a frame for the end of the stream, so
    the frames are followed here, and a cut one is an error.
    """

    def __init__(self, blocks: Iterator[Block]) -> None:
        self._blocks = blocks
        self._walk = _structure()
        self._wanted = next(self._walk)
        self._have = b""

    def read(self, size: int = -1) -> bytes:
        block = bytes(next(self._blocks, b""))
        if block:
            self._follow(block)
        elif self._have or self._wanted != _FRAME_START:
            raise EOFError("unexpected end of compressed data")
        return block

    def _follow(self, block: bytes) -> None:
        at = 0
        while True:
            wanted, keep = self._wanted
            part = block[at : at + wanted - len(self._have)] if keep else b""
            if keep:
                self._have += part
                at += len(part)
                if len(self._have) < wanted:
                    return
                self._wanted, self._have = self._walk.send(self._have), b""
            elif wanted > len(block) - at:
                self._wanted = (wanted - (len(block) - at), False)
                return
            else:
                at += wanted
                self._wanted = self._walk.send(b"")


_FRAME_START = (4, True)


def _structure() -> Generator[tuple[int, bool], bytes, None]:
    """Walk the frames of a zstd stream (RFC 8878, 3.1): ask for bytes to see, or to pass over."""
    while True:
        magic = yield _FRAME_START
        if magic[1:] == b"\x2a\x4d\x18" and magic[0] & 0xF0 == 0x50:
            yield int.from_bytes((yield 4, True), "little"), False
            continue
        (descriptor,) = yield 1, True
        single = descriptor >> 5 & 1
        window, dictionary = 1 - single, (0, 1, 2, 4)[descriptor & 3]
        yield window + dictionary + (single, 2, 4, 8)[descriptor >> 6], False
        last = 0
        while not last:
            head = int.from_bytes((yield 3, True), "little")
            last = head & 1
            # A run-length block holds one byte, however long it gets.
            yield 1 if head >> 1 & 3 == 1 else head >> 3, False
        yield 4 if descriptor & 4 else 0, False


def _zstd(blocks: Iterator[Block]) -> Iterator[bytes]:
    decompressor = zstandard.ZstdDecompressor(max_window_size=128 << 20)
    feed = cast("BinaryIO", _Feed(blocks))  # it is only ever asked to read
    reader = decompressor.stream_reader(feed, read_across_frames=True)
    try:
        while block := reader.read(OUTPUT):
            yield block
    except (zstandard.ZstdError, EOFError) as error:
        raise BadCompression(f"zstd: {error}") from error
