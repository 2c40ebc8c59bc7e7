"""Where the daemon listens: from the words of -H, SAMPAN_HOST or DOCKER_HOST to an address.

Decides only; dialing is sampan.client.dial's business.
"""

from __future__ import annotations

from sampan.base.run_root import DEFAULT_SOCKET
from sampan.errors import InvalidRequest

DEFAULT = f"unix://{DEFAULT_SOCKET}"
PORT = 2375
TLS_PORT = 2376


class Host:
    """One address. `kind` is unix, tcp or ssh; `text` is how users wrote it."""

    __slots__ = ("kind", "name", "path", "port", "text")

    def __init__(
        self, kind: str, text: str, *, path: str = "", name: str = "", port: int = 0
    ) -> None:
        self.kind = kind
        self.text = text
        self.path = path
        self.name = name
        self.port = port


def parse(text: str, *, tls: bool = False) -> Host:
    """Read an address as dockerd's and docker's -H take it; empty means the default."""
    text = text.strip() or DEFAULT
    scheme, separator, rest = text.partition("://")
    if not separator:
        scheme, rest = "tcp", text
        text = f"tcp://{text}"
    if scheme == "unix":
        return Host("unix", text, path=rest or DEFAULT_SOCKET)
    if scheme == "ssh":
        return Host("ssh", text, path=rest)
    if scheme in {"tcp", "http", "https"}:
        return _tcp(text, rest, tls=tls)
    raise InvalidRequest(f"unable to parse docker host `{text}`")


def _tcp(text: str, rest: str, *, tls: bool) -> Host:
    authority = rest.split("/", 1)[0]
    name, colon, digits = authority.rpartition(":")
    # The colons of a bare IPv6 address are not before a port.
    if not colon or "]" in digits:
        name, digits = authority, ""
    if digits and not digits.isdecimal():
        raise InvalidRequest(f"invalid bind address format: {text}")
    port = int(digits) if digits else (TLS_PORT if tls else PORT)
    if not 0 < port < 65536:
        raise InvalidRequest(f"invalid bind address format: {text}")
    return Host("tcp", text, name=name.strip("[]") or "127.0.0.1", port=port)
