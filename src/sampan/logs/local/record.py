"""One record of the local driver's files. Pure; both sides use it.

    1 byte   0x1e
    1 byte   stream
    8 bytes  nanoseconds since the epoch
    4 bytes  length n of the text
    n bytes  text: whole lines, or one piece of a line without a newline
    4 bytes  n again, so that the file can be read from its end

Numbers are big-endian. A record holds what one chunk brought, often many lines: that is what
makes the driver cheap.
"""

MARK = 0x1E
HEAD = 14
FOOT = 4
FRAME = HEAD + FOOT
# A chunk is as much as one read of a pipe, so more than this is not ours.
LONGEST = 1 << 26


def pack(stream: int, nanoseconds: int, text: bytes) -> bytes:
    """Make a record."""
    length = len(text).to_bytes(4, "big")
    return b"%c%c%b%b%b%b" % (
        MARK,
        stream,
        nanoseconds.to_bytes(8, "big"),
        length,
        text,
        length,
    )


def length_at(data: bytes, start: int) -> int:
    """Return the length of the whole record at start, or 0 if there is none."""
    if len(data) < start + FRAME or data[start] != MARK or data[start + 1] not in (1, 2):
        return 0
    raw = data[start + HEAD - 4 : start + HEAD]
    end = start + HEAD + int.from_bytes(raw, "big")
    if end - start > LONGEST or data[end : end + FOOT] != raw:
        return 0
    return end + FOOT - start


def length_before(data: bytes, end: int) -> int:
    """Return the length of the whole record that ends at end, or 0 if data does not hold it."""
    start = end - FRAME - int.from_bytes(data[end - FOOT : end], "big")
    return end - start if start >= 0 and length_at(data, start) == end - start else 0


def stream_at(data: bytes, start: int) -> int:
    """Return the stream of the record at start."""
    return data[start + 1]


def time_at(data: bytes, start: int) -> int:
    """Return the nanoseconds of the record at start."""
    return int.from_bytes(data[start + 2 : start + 10], "big")
