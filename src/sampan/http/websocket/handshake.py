"""The opening handshake of a websocket (RFC 6455, section 4.2). Pure."""

import base64
import hashlib
from collections.abc import Mapping

# RFC 6455, section 1.3: a fixed text that only a websocket server would know to append.
_GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


class BadHandshake(Exception):
    """The request is not a websocket's opening."""


def accept_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """Headers of the 101 answer to a request with these headers."""
    if headers.get("upgrade", "").lower() != "websocket":
        raise BadHandshake("not a websocket request")
    if headers.get("sec-websocket-version") != "13":
        raise BadHandshake("only websocket version 13 is spoken here")
    key = headers.get("sec-websocket-key", "").strip()
    if not key:
        raise BadHandshake("sec-websocket-key is missing")
    digest = hashlib.sha1((key + _GUID).encode("latin-1"), usedforsecurity=False).digest()
    return {
        "Upgrade": "websocket",
        "Connection": "Upgrade",
        "Sec-WebSocket-Accept": base64.b64encode(digest).decode("ascii"),
    }
