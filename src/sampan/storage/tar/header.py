"""One 512-byte tar header: bytes to Entry and back. Pure; reads no streams and no files.

Understands ustar (POSIX.1-1988), the numbers of GNU tar and star (base-256 for what does not
fit into octal), and the fields of GNU's old sparse format. What spans several headers (pax
records, GNU long names, sparse maps) is put together by sampan.storage.tar.reader.
"""

import struct
import sys

from sampan.storage.tar.errors import TarError

BLOCK = 512
ZEROS = bytes(BLOCK)

REGULAR = "0"
OLD_REGULAR = "\0"  # before ustar: also directories, known by a slash at the end of their name
HARDLINK = "1"
SYMLINK = "2"
CHAR = "3"
BLOCK_DEVICE = "4"
DIRECTORY = "5"
FIFO = "6"
CONTIGUOUS = "7"
PAX = "x"
PAX_GLOBAL = "g"
GNU_LONGNAME = "L"
GNU_LONGLINK = "K"
GNU_SPARSE = "S"
VOLUME_LABEL = "V"

# High-performance files are regular ones to whoever does not know better (ustar).
_KINDS = {b"7": REGULAR}

# name mode uid gid size mtime checksum kind link magic devmajor devminor prefix
_unpack = struct.Struct("100s8s8s8s12s12s8sc100s6s66x8s8s155s12x").unpack
_ENCODING = sys.getfilesystemencoding()

_DEVICES = frozenset((CHAR, BLOCK_DEVICE))

# Largest number an 8- and a 12-byte octal field can hold.
OCTAL_8 = 0o7777777
OCTAL_12 = 0o77777777777


class Entry:
    """One member of an archive, with everything that came before its data folded in."""

    __slots__ = (
        "gid",
        "linkname",
        "major",
        "minor",
        "mode",
        "mtime_ns",
        "name",
        "real_size",
        "size",
        "sparse",
        "type",
        "uid",
        "xattrs",
    )

    def __init__(self, name: str, kind: str = REGULAR, *, mode: int = 0o644, size: int = 0) -> None:
        self.name = name
        self.type = kind
        self.mode = mode
        self.uid = 0
        self.gid = 0
        self.size = size  # bytes of data that follow in the archive
        self.real_size = size  # size of the file (differs for sparse ones)
        self.mtime_ns = 0
        self.linkname = ""
        self.major = 0
        self.minor = 0
        self.xattrs: dict[str, bytes] | None = None
        self.sparse: list[tuple[int, int]] | None = None

    def describe(self) -> str:
        """One line, for messages and tests."""
        link = f" -> {self.linkname}" if self.linkname else ""
        return f"{self.type} {self.mode:o} {self.uid}:{self.gid} {self.size} {self.name}{link}"


def parse(block: bytes) -> Entry | None:
    """Read one header; None for the zero block that ends an archive."""
    if len(block) != BLOCK:
        raise TarError("unexpected end of archive in a header")
    fields = _unpack(block)
    name, mode, uid, gid, size, mtime, checksum, kind, link, magic, major, minor, prefix = fields
    if not _is_intact(block, checksum):
        return None
    name = name.partition(b"\0")[0]
    # GNU's magic is "ustar  \0": there the prefix field holds times and sparse maps.
    if prefix[0] and magic == b"ustar\0":
        name = prefix.partition(b"\0")[0] + b"/" + name
    entry = Entry(name.decode(_ENCODING, "surrogateescape"), _KINDS.get(kind) or chr(kind[0]))
    try:
        # Nearly always: octal digits and one NUL or blank. int() is strict about the rest.
        if mode[7] | uid[7] | gid[7] | size[11] | mtime[11] > 32:
            raise ValueError
        entry.mode = int(mode[:7], 8) & 0o7777
        entry.uid = int(uid[:7], 8)
        entry.gid = int(gid[:7], 8)
        entry.size = entry.real_size = int(size[:11], 8)
        entry.mtime_ns = int(mtime[:11], 8) * 1_000_000_000
    except ValueError:
        entry.mode = number(mode) & 0o7777
        entry.uid = number(uid)
        entry.gid = number(gid)
        entry.size = entry.real_size = number(size)
        entry.mtime_ns = number(mtime) * 1_000_000_000
    if entry.size < 0:
        raise TarError(f"negative size in the header of {entry.name}")
    if link[0]:
        entry.linkname = link.partition(b"\0")[0].decode(_ENCODING, "surrogateescape")
    if entry.type in _DEVICES:
        entry.major = number(major)
        entry.minor = number(minor)
    return entry


def _is_intact(block: bytes, checksum: bytes) -> bool:
    """Check the checksum; False for a block of zeros."""
    try:
        claimed = int(checksum.partition(b"\0")[0], 8)
    except ValueError:
        if block == ZEROS:
            return False
        raise TarError("archive/tar: invalid tar header") from None
    # The checksum counts its own eight bytes as blanks (8 * 32).
    if sum(block) - sum(checksum) + 256 != claimed and _signed_sum(block) != claimed:
        raise TarError("archive/tar: invalid tar header")
    return True


def _signed_sum(block: bytes) -> int:
    # Old Sun tars summed signed chars.
    total = sum(byte - 256 if byte > 127 else byte for byte in block)
    own = sum(byte - 256 if byte > 127 else byte for byte in block[148:156])
    return total - own + 256


def number(field: bytes) -> int:
    """Read a numeric field: octal text, or base-256 when its first bit is set."""
    first = field[0]
    if first & 0x80:
        value = int.from_bytes(field, "big", signed=False) & ((1 << (8 * len(field) - 1)) - 1)
        if first & 0x40:  # two's complement over all but the marker bit
            value -= 1 << (8 * len(field) - 1)
        return value
    text = field.partition(b"\0")[0].strip()
    if not text:
        return 0
    try:
        return int(text, 8)
    except ValueError:
        raise TarError(f"archive/tar: invalid number {text!r} in a tar header") from None


def _octal(value: int, width: int) -> bytes:
    return b"%0*o\0" % (width - 1, value)


def _numeric(value: int, width: int) -> bytes:
    if 0 <= value < 8 ** (width - 1):
        return _octal(value, width)
    raise ValueError(value)


def fits(entry: Entry) -> bool:
    """Whether plain ustar can hold the numbers of this entry."""
    seconds = entry.mtime_ns // 1_000_000_000
    return (
        0 <= entry.uid <= OCTAL_8
        and 0 <= entry.gid <= OCTAL_8
        and 0 <= entry.size <= OCTAL_12
        and 0 <= seconds <= OCTAL_12
    )


def split_name(name: bytes) -> tuple[bytes, bytes] | None:
    """Cut a name into ustar's prefix and name fields; None if it does not fit."""
    if len(name) <= 100:
        return b"", name
    if len(name) > 256:
        return None
    # Last slash that leaves at most 100 bytes behind it and at most 155 before.
    cut = name.find(b"/", len(name) - 101, 156)
    if cut < 1 or cut == len(name) - 1:
        return None
    return name[:cut], name[cut + 1 :]


def build(entry: Entry, *, name: bytes, prefix: bytes = b"", linkname: bytes = b"") -> bytes:
    """Make a ustar header. The numbers must fit; the caller has put the rest into pax records."""
    fields = b"".join(
        (
            name.ljust(100, b"\0"),
            _octal(entry.mode & 0o7777, 8),
            _numeric(entry.uid, 8),
            _numeric(entry.gid, 8),
            _numeric(entry.size, 12),
            _numeric(entry.mtime_ns // 1_000_000_000, 12),
            b"        ",
            entry.type.encode(),
            linkname.ljust(100, b"\0"),
            b"ustar\x0000",
            bytes(64),  # names of user and group: they mean nothing on another machine
            _numeric(entry.major, 8),
            _numeric(entry.minor, 8),
            prefix.ljust(155, b"\0"),
            bytes(12),
        )
    )
    return fields[:148] + b"%06o\0 " % sum(fields) + fields[156:]
