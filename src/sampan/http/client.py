"""HTTP/1.1 from the caller's side, over one connected socket: requests, bodies, hijack.

Blocking, one request at a time, and light to import: the command line lives on it, and a
parser library, `http.client` or even `socket` would cost more than the whole of `sampan ps`.
Knows no API, no hosts and no retries; those are sampan.client's business.

    connection.send("GET", "/info", {"Host": "sampan"})
    response = connection.receive("GET")
    document = response.read_all()

A body that has been read to its end leaves the connection ready for the next request.
After an answer of 101, `connection.hijack()` gives the bytes that came too early.
"""

from __future__ import annotations

from sampan.errors import Unavailable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from typing import Protocol

    class Socket(Protocol):
        """What a connection needs of a socket; `_socket.socket` and TLS sockets have it."""

        def recv(self, size: int, flags: int = 0, /) -> bytes: ...
        def send(self, data: bytes, flags: int = 0, /) -> int: ...
        def sendall(self, data: bytes, /) -> None: ...
        def shutdown(self, how: int, /) -> None: ...
        def close(self) -> object: ...
        def fileno(self) -> int: ...


# An answer's head and a chunk's size line come from the other side: bounded.
MAX_HEAD = 1 << 20
MAX_CHUNK_LINE = 4096
# As much as one recv returns at most; logs and exports are megabytes.
BLOCK = 1 << 18

_NO_BODY = frozenset((101, 204, 304))


class Connection:
    """One socket speaking HTTP/1.1."""

    __slots__ = ("buffer", "sock")

    def __init__(self, sock: Socket) -> None:
        self.sock = sock
        self.buffer = b""

    def send(
        self,
        method: str,
        target: str,
        headers: Mapping[str, str],
        body: bytes | Iterable[bytes] | None = None,
    ) -> None:
        """Send one request. Bytes go with a Content-Length, an iterable goes chunked."""
        lines = [f"{method} {target} HTTP/1.1"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        if isinstance(body, bytes):
            lines.append(f"Content-Length: {len(body)}")
        elif body is not None:
            lines.append("Transfer-Encoding: chunked")
        elif method in {"POST", "PUT"}:
            lines.append("Content-Length: 0")
        head = "\r\n".join(lines).encode("latin-1", "replace") + b"\r\n\r\n"
        if body is None or isinstance(body, bytes):
            self.sock.sendall(head + (body or b""))
            return
        self.sock.sendall(head)
        for piece in body:
            if piece:
                self.sock.sendall(b"%x\r\n%b\r\n" % (len(piece), piece))
        self.sock.sendall(b"0\r\n\r\n")

    def receive(self, method: str) -> Response:
        """Read the head of the answer to a request made with this method."""
        while True:
            status, headers = parse_head(self._head())
            # 100 Continue and friends announce the real answer.
            if status >= 200 or status == 101:
                return Response(self, method, status, headers)

    def hijack(self) -> bytes:
        """Give up HTTP on this socket; return what was received too early."""
        early, self.buffer = self.buffer, b""
        return early

    def close(self) -> None:
        """Close the socket."""
        self.sock.close()

    def more(self) -> bytes:
        """Return what was received and not used yet, or receive; b"" at the end."""
        if self.buffer:
            data, self.buffer = self.buffer, b""
            return data
        return self._receive()

    def line(self) -> bytes:
        """Read one line, without its end."""
        while (end := self.buffer.find(b"\n")) < 0:
            if len(self.buffer) > MAX_CHUNK_LINE:
                raise Unavailable("the server sent a chunk without a size")
            self._fill()
        line, self.buffer = self.buffer[:end], self.buffer[end + 1 :]
        return line.rstrip(b"\r")

    def _head(self) -> bytes:
        while (end := self.buffer.find(b"\r\n\r\n")) < 0:
            if len(self.buffer) > MAX_HEAD:
                raise Unavailable("the server's answer has no end of headers")
            self._fill()
        head, self.buffer = self.buffer[:end], self.buffer[end + 4 :]
        return head

    def _fill(self) -> None:
        data = self._receive()
        if not data:
            raise Unavailable("the server closed the connection without an answer")
        self.buffer += data

    def _receive(self) -> bytes:
        try:
            return self.sock.recv(BLOCK)
        except ConnectionResetError:
            return b""  # a server that was killed; what was being read tells what is missing


class Response:
    """The head of an answer, and its body as it comes.

    Headers are by lower-case name; of one that was sent twice the last counts.
    """

    __slots__ = ("_chunked", "_left", "connection", "finished", "headers", "reusable", "status")

    def __init__(
        self, connection: Connection, method: str, status: int, headers: dict[str, str]
    ) -> None:
        self.status = status
        self.headers = headers
        self.connection = connection
        self._chunked = "chunked" in headers.get("transfer-encoding", "").lower()
        # Bytes left of the body or of the chunk; -1: until the server closes.
        self._left = 0
        self.finished = method == "HEAD" or status in _NO_BODY
        self.reusable = "close" not in headers.get("connection", "").lower()
        if not self.finished and not self._chunked:
            self._left = _length(headers)
            self.finished = self._left == 0
            self.reusable = self.reusable and self._left >= 0

    def read(self) -> bytes:
        """Return the next bytes of the body, b"" once it has ended."""
        if self.finished:
            return b""
        if self._chunked and self._left == 0 and not self._next_chunk():
            return b""
        data = self.connection.more()
        if not data:
            return self._ended()
        if self._left < 0:
            return data
        if len(data) > self._left:
            self.connection.buffer = data[self._left :]
            data = data[: self._left]
        self._left -= len(data)
        if self._left == 0:
            self._complete()
        return data

    def read_all(self) -> bytes:
        """Return the whole rest of the body."""
        return b"".join(self)

    def __iter__(self) -> Iterator[bytes]:
        while data := self.read():
            yield data

    def _next_chunk(self) -> bool:
        text = self.connection.line().split(b";")[0].strip()
        try:
            self._left = int(text, 16)
        except ValueError:
            raise Unavailable("the server sent a chunk without a size") from None
        if self._left > 0:
            return True
        while self.connection.line():
            pass  # trailers, which nobody uses
        self.finished = True
        return False

    def _complete(self) -> None:
        if self._chunked:
            self.connection.line()
        else:
            self.finished = True

    def _ended(self) -> bytes:
        self.finished = True
        self.reusable = False
        if self._left < 0:
            return b""
        raise Unavailable("the server closed the connection in the middle of an answer")


def parse_head(head: bytes) -> tuple[int, dict[str, str]]:
    """Split an answer's head into its status and its headers."""
    first, *lines = head.decode("latin-1").split("\r\n")
    words = first.split(" ", 2)
    if not words[0].startswith("HTTP/1.") or len(words) < 2 or not words[1].isdecimal():
        raise Unavailable("the server does not speak HTTP/1.1")
    headers = {}
    for line in lines:
        name, _, value = line.partition(":")
        headers[name.strip().lower()] = value.strip()
    return int(words[1]), headers


def _length(headers: Mapping[str, str]) -> int:
    text = headers.get("content-length")
    if text is None:
        return -1
    if not text.isdecimal():
        raise Unavailable("the server's answer has no valid length")
    return int(text)
