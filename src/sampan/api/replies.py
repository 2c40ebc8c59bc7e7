"""Responses in Docker's forms: documents, empty answers, streams of documents."""

from collections.abc import AsyncIterator, Mapping
from typing import Any

import msgspec

from sampan.errors import SampanError
from sampan.http.messages import NO_HEADERS, Response

JSON = {"Content-Type": "application/json"}
TAR = {"Content-Type": "application/x-tar"}

_encode = msgspec.json.Encoder().encode


def document(value: object, status: int = 200) -> Response:
    """A JSON document."""
    return Response(status, _encode(value) + b"\n", JSON)


def nothing(status: int = 204) -> Response:
    """Done, and nothing to say."""
    return Response(status)


def failure(status: int, message: str) -> Response:
    """Docker's error document."""
    if status == 304:
        return Response(304)
    return Response(status, _encode({"message": message}) + b"\n", JSON)


async def lines(items: AsyncIterator[dict[str, Any]]) -> AsyncIterator[bytes]:
    """Each document on a line of its own."""
    async for item in items:
        yield _encode(item) + b"\n"


async def progress(items: AsyncIterator[dict[str, Any]]) -> Response:
    """A stream of progress documents.

    What fails before the first document is an ordinary error answer; after it, only the
    stream itself can tell.
    """
    first = await anext(items, None)
    return Response(200, _progress(first, items), JSON)


async def _progress(
    first: dict[str, Any] | None, items: AsyncIterator[dict[str, Any]]
) -> AsyncIterator[bytes]:
    if first is None:
        return
    # jsonmessage, Docker's reader of these, wants CRLF only by custom; it is sent by dockerd.
    yield _encode(first) + b"\r\n"
    try:
        async for item in items:
            yield _encode(item) + b"\r\n"
    except (SampanError, OSError) as error:
        yield _encode({"errorDetail": {"message": str(error)}, "error": str(error)}) + b"\r\n"


async def chunks(items: AsyncIterator[bytes], headers: Mapping[str, str] = NO_HEADERS) -> Response:
    """A stream of bytes whose first chunk is awaited, so that an early error has its status."""
    first = await anext(items, b"")
    return Response(200, _chunks(first, items), headers)


async def _chunks(first: bytes, items: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    if first:
        yield first
    async for item in items:
        yield item
