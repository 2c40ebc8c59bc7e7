"""Taking apart the framed stream of a container without a terminal.

    8 bytes: stream (1 stdout, 2 stderr, 3 an error of the daemon), 0 0 0, length big-endian
    then that many bytes

Pure but for the function that takes the data; neighbouring frames of one stream are given
to it in one piece, since a log is a million small frames.
"""

from __future__ import annotations

from sampan.client.errors import ApiError
from sampan.errors import Unavailable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

HEADER = 8
STDERR = 2
FAILURE = 3


class Frames:
    """Bytes in, (stream, bytes) out; a frame may come in any number of pieces."""

    def __init__(self, take: Callable[[int, bytes], None]) -> None:
        self._take = take
        self._rest = b""
        # The frame that is not complete yet: its stream, and how much it lacks.
        self._stream = 0
        self._left = 0

    def feed(self, data: bytes) -> None:
        """Take the next bytes of the stream."""
        if self._rest:
            data = self._rest + data
        at = 0
        end = len(data)
        pieces: list[bytes] = []
        while at < end:
            if not self._left:
                if end - at < HEADER:
                    break
                self._open(data[at : at + HEADER], pieces)
                at += HEADER
            piece = data[at : at + self._left]
            pieces.append(piece)
            at += len(piece)
            self._left -= len(piece)
        self._rest = data[at:]
        self._pass_on(pieces)

    def _open(self, header: bytes, pieces: list[bytes]) -> None:
        stream = header[0]
        if stream > FAILURE or header[1:4] != b"\0\0\0":
            raise Unavailable(f"unrecognized stream: {stream}")
        if stream != self._stream:
            self._pass_on(pieces)
            pieces.clear()
        self._stream = stream
        self._left = int.from_bytes(header[4:], "big")

    def _pass_on(self, pieces: list[bytes]) -> None:
        data = b"".join(pieces)
        if not data:
            return
        if self._stream == FAILURE:
            raise ApiError(500, data.decode("utf-8", "replace").strip())
        self._take(self._stream, data)
