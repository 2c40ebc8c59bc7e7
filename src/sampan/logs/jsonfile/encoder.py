"""Output as lines of JSON, many at a time. Pure.

    {"log":"text\\n","stream":"stdout","time":"2024-05-01T12:00:00.000000001Z"}

The words and their order are those of Docker's json-file driver (moby, daemon/logger/
jsonfilelog/jsonlog); attrs, when the log has any, stand between stream and time.
"""

HEAD = b'{"log":"'

# JSON forbids these raw (RFC 8259, section 7). Newline ends a line; the first ones are common
# enough in output (colours, progress bars) to be replaced without asking.
COMMON = ((b"\t", b"\\t"), (b"\r", b"\\r"), (b"\x1b", b"\\u001b"))
RARE = bytes(code for code in range(32) if code not in (9, 10, 13, 27))


def escape(data: bytes) -> bytes:
    """Escape for the inside of a JSON string, newlines left alone.

    Every replace is one pass in C. What is not UTF-8 becomes U+FFFD, as with Docker: JSON has no
    way to hold it.
    """
    if not data.isascii():
        data = _as_utf8(data)
    data = data.replace(b"\\", b"\\\\").replace(b'"', b'\\"')
    for raw, escaped in COMMON:
        data = data.replace(raw, escaped)
    if len(data.translate(None, RARE)) != len(data):
        for code in RARE:
            data = data.replace(bytes((code,)), b"\\u%04x" % code)
    return data


def _as_utf8(data: bytes) -> bytes:
    try:
        data.decode()
    except UnicodeDecodeError:
        return data.decode(errors="replace").encode()
    return data


class Encoder:
    """Encodes the blocks of one stream."""

    __slots__ = ("_tail",)

    def __init__(self, stream: int, attrs: "dict[str, str] | None") -> None:
        name = b"stderr" if stream == 2 else b"stdout"
        extra = b'"attrs":%b,' % _object(attrs) if attrs else b""
        self._tail = b'","stream":"%b",%b"time":"' % (name, extra)

    def encode(self, block: bytes, time: bytes) -> bytes:
        """Encode whole lines, or one piece without a newline, all with one time."""
        tail = self._tail + time + b'"}\n'
        text = escape(block)
        if not text.endswith(b"\n"):
            return HEAD + text + tail
        return (HEAD + text.replace(b"\n", b"\\n" + tail + HEAD))[: -len(HEAD)]


def _object(attrs: "dict[str, str]") -> bytes:
    def text(word: str) -> bytes:
        return b'"%b"' % escape(word.encode(errors="replace")).replace(b"\n", b"\\n")

    return b"{%b}" % b",".join(text(key) + b":" + text(attrs[key]) for key in sorted(attrs))
