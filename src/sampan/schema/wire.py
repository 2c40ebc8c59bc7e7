"""The base of all documents: snake_case in the code, Docker's casing on the wire."""

from typing import Any

import msgspec


class Document(msgspec.Struct, kw_only=True, rename="pascal"):
    """A document of the Docker API. Unknown fields are ignored, as Docker does."""


def to_wire(document: msgspec.Struct) -> dict[str, Any]:
    """Turn a document into the dict that goes on the wire."""
    built: dict[str, Any] = msgspec.to_builtins(document)
    return built
