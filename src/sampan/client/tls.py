"""Dialing with TLS: a thread between the encrypted socket and a plain one for the callers.

Callers poll descriptors, half-close and read what is there, none of which Python's TLS sockets
do; so they get one end of a socket pair. Loaded only for hosts that want TLS.
"""

from __future__ import annotations

import contextlib
import os
import select
import socket
import ssl
import threading

from sampan.client.dial import tcp, words
from sampan.client.errors import Unreachable
from sampan.errors import InvalidRequest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from sampan.client.host import Host

BLOCK = 1 << 18


def dialer(
    *, directory: str, ca: str, cert: str, key: str, verify: bool
) -> Callable[[Host], socket.socket]:
    """Return what dials hosts with these certificates, by default those of a directory."""
    cert = cert or os.path.join(directory, "cert.pem")
    key = key or os.path.join(directory, "key.pem")
    ca = ca or os.path.join(directory, "ca.pem")
    try:
        context = _context(ca if verify else "", cert, key)
    except OSError as error:
        raise InvalidRequest(
            f"unable to resolve docker endpoint: cannot use the TLS files {ca}, {cert} and {key}: "
            f"{error}"
        ) from error

    def dial(host: Host) -> socket.socket:
        try:
            found = tcp(host.name, host.port)
            plain = socket.socket(found.family, found.type, fileno=found.detach())
            encrypted = _Encrypted(plain, context, host.name)
            encrypted.handshake()
        except ssl.SSLError as error:
            raise Unreachable(f"error during connect: {host.text}: {error}") from error
        except OSError as error:
            raise Unreachable(words(host, error)) from error
        ours, theirs = socket.socketpair()
        bridge = _Bridge(theirs, encrypted)
        # A daemon thread: it ends with the command, as the connection does.
        threading.Thread(target=bridge.run, name="tls", daemon=True).start()
        return ours

    return dial


def _context(ca: str, cert: str, key: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if ca:
        context.load_verify_locations(ca)
    else:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    if os.path.exists(cert) and os.path.exists(key):
        context.load_cert_chain(cert, key)
    return context


class _Encrypted:
    """TLS over a socket, with both directions ending on their own."""

    def __init__(self, sock: socket.socket, context: ssl.SSLContext, name: str) -> None:
        self.sock = sock
        self._incoming = ssl.MemoryBIO()
        self._outgoing = ssl.MemoryBIO()
        self._tls = context.wrap_bio(self._incoming, self._outgoing, server_hostname=name)

    def handshake(self) -> None:
        """Agree on keys; ssl.SSLError when one side does not trust the other."""
        while True:
            try:
                self._tls.do_handshake()
            except ssl.SSLWantReadError:
                self._flush()
                self._receive()
            else:
                self._flush()
                return

    def send(self, data: bytes) -> None:
        """Send all of it."""
        self._tls.write(data)
        self._flush()

    def end(self) -> None:
        """Say that nothing more will be sent; what the other side says can still be read."""
        with contextlib.suppress(ssl.SSLError, ssl.SSLWantReadError):
            self._tls.unwrap()
        self._flush()

    def receive(self) -> bytes | None:
        """Return what came in, b"" at the end, None when it was no whole record yet."""
        if not self._receive():
            return b""
        pieces = []
        try:
            while piece := self._tls.read(BLOCK):
                pieces.append(piece)
        except ssl.SSLWantReadError:
            return b"".join(pieces) or None
        except ssl.SSLZeroReturnError:
            pass  # the other side has said its end
        return b"".join(pieces)

    def _receive(self) -> bool:
        data = self.sock.recv(BLOCK)
        if data:
            self._incoming.write(data)
        else:
            self._incoming.write_eof()
        return bool(data)

    def _flush(self) -> None:
        if data := self._outgoing.read():
            self.sock.sendall(data)


class _Bridge:
    """Bytes between the callers' socket and the encrypted one, until the latter ends."""

    def __init__(self, plain: socket.socket, encrypted: _Encrypted) -> None:
        self._plain = plain
        self._encrypted = encrypted

    def run(self) -> None:
        """Pump."""
        poll = select.poll()
        poll.register(self._plain, select.POLLIN)
        poll.register(self._encrypted.sock, select.POLLIN)
        with self._plain, self._encrypted.sock, contextlib.suppress(OSError):
            while all(self._move(poll, fd) for fd, _ in poll.poll()):
                pass

    def _move(self, poll: select.poll, fd: int) -> bool:
        if fd != self._plain.fileno():
            data = self._encrypted.receive()
            if data:
                self._plain.sendall(data)
            return data != b""
        data = self._plain.recv(BLOCK)
        if data:
            self._encrypted.send(data)
        else:
            poll.unregister(self._plain)
            self._encrypted.end()
        return True
