"""One call of the API, as a handler sees it: the engine, the parsed path and query, the body."""

from collections.abc import AsyncIterator
from typing import TypeVar

import msgspec

from sampan.api.filters import parse_filters
from sampan.api.query import Query
from sampan.api.versions import Version
from sampan.engine.engine import Engine
from sampan.errors import InvalidRequest
from sampan.http.body import BodyBroken
from sampan.http.messages import Request
from sampan.schema.decode import decode

# The largest documents are container configs with long lists of environment and labels.
MAX_DOCUMENT = 8 * 1024 * 1024

T = TypeVar("T", bound=msgspec.Struct)


class Call:
    """What a handler needs to know of one request."""

    __slots__ = ("engine", "names", "query", "request", "version")

    def __init__(
        self, engine: Engine, request: Request, names: dict[str, str], version: Version
    ) -> None:
        self.engine = engine
        self.request = request
        self.names = names
        self.version = version
        self.query = Query(request.raw_query)

    @property
    def ref(self) -> str:
        """The container, image, network, volume or exec that the path names."""
        return self.names["name"]

    def filters(self) -> dict[str, list[str]]:
        """The filters parameter."""
        return parse_filters(self.query.text("filters"))

    async def upload(self) -> AsyncIterator[bytes]:
        """The body in pieces, for verbs that take archives."""
        try:
            async for piece in self.request.body:
                yield piece
        except BodyBroken as error:
            raise InvalidRequest(str(error)) from error

    async def document(self, kind: type[T]) -> T:
        """The body as a document; an empty body is an error."""
        body = await self._json()
        if not body.strip():
            raise InvalidRequest("invalid JSON: got EOF while reading request body")
        return decode(body, kind)

    async def optional_document(self, kind: type[T]) -> T | None:
        """The body as a document, None when there is no body."""
        body = await self._json()
        return decode(body, kind) if body.strip() not in {b"", b"null"} else None

    async def _json(self) -> bytes:
        body = await self.request.body.read(MAX_DOCUMENT)
        kind = self.request.headers.get("content-type", "")
        # As httputils.CheckForJSON does; nothing said is taken for JSON.
        if body and kind and kind.partition(";")[0].strip().lower() != "application/json":
            raise InvalidRequest(
                f"unsupported Content-Type header ({kind}): must be 'application/json'"
            )
        return body
