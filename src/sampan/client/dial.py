"""From an address to a connected socket. Unix sockets and plain TCP; TLS is dialed by tls.py.

Uses the socket module's C half: `import socket` costs more than the rest of a command.
"""

from __future__ import annotations

import _socket
import os

from sampan.client.errors import Unreachable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sampan.client.host import Host

SHUT_WR = _socket.SHUT_WR
# sun_path holds 108 bytes with its end; a longer path goes through /proc/self/fd.
MAX_PATH = 107


def dial(host: Host) -> _socket.socket:
    """Connect; Unreachable in the words of the docker client when nobody answers."""
    try:
        if host.kind == "unix":
            return _unix(host.path)
        return tcp(host.name, host.port)
    except OSError as error:
        raise Unreachable(words(host, error)) from error


def tcp(name: str, port: int) -> _socket.socket:
    """Connect to the first address of a name that answers."""
    failure = OSError(f"no address for {name}")
    found = _socket.getaddrinfo(name, port, 0, _socket.SOCK_STREAM)
    for family, kind, protocol, _, address in found:
        sock = _socket.socket(family, kind | _socket.SOCK_CLOEXEC, protocol)
        try:
            sock.connect(address)
        except OSError as error:
            sock.close()
            failure = error
        else:
            sock.setsockopt(_socket.IPPROTO_TCP, _socket.TCP_NODELAY, 1)
            return sock
    raise failure


def _unix(path: str) -> _socket.socket:
    sock = _socket.socket(_socket.AF_UNIX, _socket.SOCK_STREAM | _socket.SOCK_CLOEXEC)
    try:
        if len(os.fsencode(path)) <= MAX_PATH:
            sock.connect(path)
        else:
            _connect_long(sock, path)
    except OSError:
        sock.close()
        raise
    return sock


def _connect_long(sock: _socket.socket, path: str) -> None:
    directory = os.open(os.path.dirname(path), os.O_PATH | os.O_CLOEXEC)
    try:
        sock.connect(f"/proc/self/fd/{directory}/{os.path.basename(path)}")
    finally:
        os.close(directory)


def words(host: Host, error: OSError) -> str:
    """Say why nobody could be reached, in words that tell what to do."""
    if isinstance(error, PermissionError):
        return (
            "permission denied while trying to connect to the Sampan daemon socket at "
            f"{host.text}: {error.strerror}"
        )
    if isinstance(error, (FileNotFoundError, ConnectionRefusedError)):
        return f"Cannot connect to the Sampan daemon at {host.text}. Is sampand running?"
    return f"error during connect: {host.text}: {error.strerror or error}"
