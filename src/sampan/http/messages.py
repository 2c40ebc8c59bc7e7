"""A request and a response, as a handler sees them. Knows no sockets and no parsing.

    async def handler(request: Request) -> Response | None

A handler returns a Response, or hijacks the connection and returns None when it is done
with the stream.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import NamedTuple
from urllib.parse import unquote

from sampan.http.body import Body
from sampan.http.stream import Stream

NO_HEADERS: Mapping[str, str] = {}


class Peer(NamedTuple):
    """Who is at the other end of a unix socket (SO_PEERCRED)."""

    pid: int
    uid: int
    gid: int


class Request:
    """One request. Header names are lower case; repeated headers are joined by a comma."""

    __slots__ = (
        "_hijack",
        "body",
        "headers",
        "keep_alive",
        "method",
        "path",
        "patient",
        "peer",
        "raw_query",
        "version",
    )

    def __init__(
        self,
        method: str,
        target: str,
        headers: dict[str, str],
        body: Body,
        *,
        version: str = "1.1",
        keep_alive: bool = True,
        peer: Peer | None = None,
        hijack: "Callable[[int, Mapping[str, str]], Awaitable[Stream]] | None" = None,
    ) -> None:
        path, _, self.raw_query = target.partition("?")
        self.method = method
        self.path = unquote(path) if "%" in path else path
        self.headers = headers
        self.body = body
        self.version = version
        self.keep_alive = keep_alive
        self.peer = peer
        # A patient request is carried to its end even when the client leaves: whoever asked
        # for a container to be removed does not want half of that. The others are cancelled.
        self.patient = False
        self._hijack = hijack

    @property
    def wants_upgrade(self) -> bool:
        """Whether the client asked to leave HTTP by an Upgrade header."""
        return "upgrade" in self.headers

    async def hijack(self, status: int, headers: Mapping[str, str] = NO_HEADERS) -> Stream:
        """Answer with a head and take the connection over as a stream of bytes."""
        if self._hijack is None:
            raise RuntimeError("this request cannot be hijacked")
        return await self._hijack(status, headers)


class Response:
    """One response. An iterator as body is sent chunked, each item flushed as it comes."""

    __slots__ = ("body", "headers", "status")

    def __init__(
        self,
        status: int = 200,
        body: bytes | AsyncIterator[bytes] = b"",
        headers: Mapping[str, str] = NO_HEADERS,
    ) -> None:
        self.status = status
        self.body = body
        self.headers = headers


Handler = Callable[[Request], Awaitable[Response | None]]
