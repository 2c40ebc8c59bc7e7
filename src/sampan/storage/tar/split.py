"""An unpacked archive, kept so that it can be put together again bit for bit.

The digest of a layer covers every byte of its tar: order, padding, odd headers. So what is not
file content is kept beside the unpacked files, compressed, with marks where content goes:

    tar-split.zst     zstd stream of records: bytes as they stand, then content of a file
        text:u32  offset:u64  length:u64  path:u16   lengths of what follows; range in the file
        bytes, path below the layer's root           the last record has no path
    orphans/<n>       content that a later entry of the same archive replaced
    orphans.json      [[how many records came before, path, n], …], oldest first
"""

import json
import os
import struct
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

import zstandard

from sampan.errors import Internal
from sampan.linux.flags import RESOLVE_IN_ROOT, RESOLVE_NO_SYMLINKS
from sampan.linux.openat2 import openat2

NAME = "tar-split.zst"
ORPHANS = "orphans"
ORPHAN_LIST = "orphans.json"

_RECORD = struct.Struct("<IQQH")
_CREATE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
_FLUSH = 1 << 18
_CHUNK = 1 << 20


class Recorder:
    """Written while a layer is applied; finish() makes the files in the layer's directory."""

    def __init__(self, dir_fd: int) -> None:
        self._dir_fd = dir_fd
        fd = os.open(NAME, _CREATE, 0o600, dir_fd=dir_fd)
        self._out = os.fdopen(fd, "wb", buffering=0)
        self._zstd = zstandard.ZstdCompressor(level=1).compressobj()
        self._literals: list[bytes] = []
        self._records: list[bytes] = []
        self._size = 0
        self._files = 0
        self._orphans: list[tuple[int, str, int]] = []
        self.literal = self._literals.append

    def file(self, path: str, length: int, offset: int = 0) -> None:
        """Note that content of a file comes here."""
        raw = os.fsencode(path)
        text = b"".join(self._literals)
        self._literals.clear()
        size = len(text)
        self._records += (_RECORD.pack(size, offset, length, len(raw)), text, raw)
        self._files += 1
        self._size += size
        if self._size > _FLUSH:
            self._flush()

    def _flush(self) -> None:
        self._out.write(self._zstd.compress(b"".join(self._records)))
        self._records.clear()
        self._size = 0

    def orphan(self, path: str, dir_fd: int, name: str) -> None:
        """Take away a file or directory that a later entry replaces."""
        if not self._orphans:
            os.mkdir(ORPHANS, 0o700, dir_fd=self._dir_fd)
        number = len(self._orphans)
        os.rename(name, f"{ORPHANS}/{number}", src_dir_fd=dir_fd, dst_dir_fd=self._dir_fd)
        self._orphans.append((self._files, path, number))

    def finish(self) -> None:
        """Write everything out."""
        text = b"".join(self._literals)
        self._literals.clear()
        self._records += (_RECORD.pack(len(text), 0, 0, 0), text)
        self._flush()
        self._out.write(self._zstd.flush())
        self._out.close()
        if self._orphans:
            fd = os.open(ORPHAN_LIST, _CREATE, 0o600, dir_fd=self._dir_fd)
            with os.fdopen(fd, "w") as out:
                json.dump(self._orphans, out)

    def close(self) -> None:
        """Give up; the directory is the caller's to remove."""
        self._out.close()


def assemble(layer_fd: int, root: str) -> Iterator[bytes]:
    """Yield the archive whose files lie in `root` below the layer's directory."""
    orphans = _orphans(layer_fd)
    root_fd = os.open(root, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC, dir_fd=layer_fd)
    try:
        gathered = _Gathered()
        for number, record in enumerate(_records(layer_fd)):
            yield from gathered.add(record.text)
            if not record.path:
                continue
            moved = _moved(orphans, number, record.path)
            fd = _open(layer_fd, root_fd, record.path, moved)
            try:
                for block in _content(fd, record):
                    yield from gathered.add(block)
            finally:
                os.close(fd)
        yield gathered.rest()
    finally:
        os.close(root_fd)


class _Gathered:
    """Small pieces made into blocks: a write for every header would be slow."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self._size = 0

    def add(self, piece: bytes) -> Iterator[bytes]:
        self._pieces.append(piece)
        self._size += len(piece)
        if self._size >= _CHUNK:
            yield self.rest()

    def rest(self) -> bytes:
        block = b"".join(self._pieces)
        self._pieces.clear()
        self._size = 0
        return block


def _content(fd: int, record: "_Record") -> Iterator[bytes]:
    at, left = record.offset, record.length
    while left:
        block = os.pread(fd, min(left, _CHUNK), at)
        if not block:
            raise Internal(f"layer file {record.path} is shorter than it was")
        at += len(block)
        left -= len(block)
        yield block


def _open(layer_fd: int, root_fd: int, path: str, moved: str) -> int:
    resolve = RESOLVE_IN_ROOT | RESOLVE_NO_SYMLINKS
    if moved:
        return openat2(layer_fd, moved, os.O_RDONLY | os.O_NOFOLLOW, 0, resolve)
    return openat2(root_fd, path, os.O_RDONLY | os.O_NOFOLLOW, 0, resolve)


def _orphans(layer_fd: int) -> list[tuple[int, str, int]]:
    try:
        fd = os.open(ORPHAN_LIST, os.O_RDONLY | os.O_CLOEXEC, dir_fd=layer_fd)
    except FileNotFoundError:
        return []
    with os.fdopen(fd, "r") as stored:
        return [(before, path, number) for before, path, number in json.load(stored)]


def _moved(orphans: list[tuple[int, str, int]], record: int, path: str) -> str:
    """Where the content of a record went: the first removal after it that took its path along."""
    for before, gone, number in orphans:
        if record < before and (path == gone or path.startswith(gone + "/")):
            return f"{ORPHANS}/{number}{path[len(gone) :]}"
    return ""


class _Record(NamedTuple):
    text: bytes
    path: str
    offset: int
    length: int


def _records(layer_fd: int) -> Iterator[_Record]:
    fd = os.open(NAME, os.O_RDONLY | os.O_CLOEXEC, dir_fd=layer_fd)
    with os.fdopen(fd, "rb") as stored:
        reader = zstandard.ZstdDecompressor().stream_reader(stored, read_size=_CHUNK)
        window = _Window(reader)
        while head := window.take(_RECORD.size):
            size, offset, length, named = _RECORD.unpack(head)
            text = window.take(size)
            yield _Record(text, os.fsdecode(window.take(named)), offset, length)


class _Window:
    """Small reads out of large ones."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._data = b""
        self._at = 0

    def take(self, length: int) -> bytes:
        end = self._at + length
        while end > len(self._data):
            more = self._stream.read(_CHUNK)
            if not more:
                break
            self._data = self._data[self._at :] + more
            end -= self._at
            self._at = 0
        taken = self._data[self._at : end]
        self._at = end
        return taken
