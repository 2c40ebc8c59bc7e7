"""A websocket that looks like a Stream: payloads in, binary frames out.

Fragments are passed on as they come, because the bytes of a terminal have no message borders.
"""

from sampan.http.stream import Stream
from sampan.http.websocket.frames import (
    BINARY,
    CLOSE,
    CONTINUATION,
    PING,
    PONG,
    TEXT,
    BadFrame,
    Decoder,
    Frame,
    close_payload,
    encode,
)


class WebSocketStream:
    """The server's end of one websocket, with the methods of a Stream."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self._decoder = Decoder()
        self._frames: list[Frame] = []
        self._ended = False
        self._said_close = False

    async def read(self) -> bytes:
        """The next payload; b"" when the client has closed."""
        while not self._ended:
            while self._frames:
                frame = self._frames.pop(0)
                if frame.opcode in {CONTINUATION, TEXT, BINARY}:
                    if frame.payload:
                        return frame.payload
                elif frame.opcode == PING:
                    self._stream.write(encode(PONG, frame.payload))
                elif frame.opcode == CLOSE:
                    self._ended = True
                    self._say_close(1000)
                    return b""
            await self._fill()
        return b""

    async def _fill(self) -> None:
        data = await self._stream.read()
        if not data:
            self._ended = True
            return
        try:
            self._frames = self._decoder.feed(data)
        except BadFrame as error:
            self._ended = True
            self._say_close(error.code, str(error))

    def _say_close(self, code: int, reason: str = "") -> None:
        if not self._said_close:
            self._said_close = True
            self._stream.write(encode(CLOSE, close_payload(code, reason)))

    def write(self, data: bytes | memoryview) -> None:
        """Send bytes as one binary frame."""
        if not self._said_close:
            self._stream.write(encode(BINARY, data))

    async def drain(self) -> None:
        """Wait until the client has taken most of what was written."""
        await self._stream.drain()

    @property
    def closed(self) -> bool:
        """Whether nothing written can arrive any more."""
        return self._said_close or self._stream.closed

    def write_eof(self) -> None:
        """A websocket has no half-close: say goodbye."""
        self._say_close(1000)

    def close(self) -> None:
        """End both sides."""
        self._say_close(1000)
        self._stream.close()
