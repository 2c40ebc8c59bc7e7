"""Listening sockets: from -H words to bound sockets. Accepting is the server's business.

unix://PATH     mode 0660, owned by root and the group of --group
tcp://HOST:PORT plain, so only with --tls=false: whoever reaches it is root on this machine
fd://           sockets that systemd passed
"""

import grp
import logging
import os
import socket
from typing import NamedTuple

from sampan.base.run_root import DEFAULT_SOCKET
from sampan.base.settings import setting

log = logging.getLogger(__name__)

DEFAULT_HOST = f"unix://{DEFAULT_SOCKET}"
DEFAULT_TCP_PORT = 2375
FIRST_PASSED_FD = 3  # sd_listen_fds(3)


class BadHost(Exception):
    """A -H word cannot be listened on; the text says why."""


class Listener(NamedTuple):
    """One bound socket, and what to unlink when it is closed."""

    sock: socket.socket
    host: str
    path: str


def open_listener(host: str, *, group: str, tls: bool | None) -> list[Listener]:
    """Bind what one -H word asks for."""
    if "://" not in host:
        host = f"unix://{host}" if host.startswith("/") else f"tcp://{host}"
    scheme, _, address = host.partition("://")
    if scheme == "unix":
        return [_unix(address or DEFAULT_SOCKET, group)]
    if scheme == "tcp":
        return [_tcp(address, tls=tls)]
    if scheme == "fd":
        return _passed()
    raise BadHost(f"invalid protocol {scheme} in {host}: use unix://, tcp:// or fd://")


def _unix(path: str, group: str) -> Listener:
    if _answers(path):
        raise BadHost(f"socket {path} is in use by another daemon")
    sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM | socket.SOCK_CLOEXEC)
    try:
        if os.path.lexists(path):
            os.unlink(path)
        os.makedirs(os.path.dirname(path) or "/", exist_ok=True)
        # Nobody may connect between bind and chmod.
        before = os.umask(0o177)
        try:
            sock.bind(path)
        finally:
            os.umask(before)
        gid = _gid(group)
        if gid is not None:
            os.chown(path, 0, gid)
            os.chmod(path, 0o660)
    except OSError as error:
        sock.close()
        raise BadHost(f"cannot listen on unix://{path}: {error}") from error
    return Listener(sock, f"unix://{path}", path)


def _answers(path: str) -> bool:
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(path)
        except OSError:
            return False
    return True


def _gid(group: str) -> int | None:
    """The group's number; None when the socket stays root's alone."""
    if os.geteuid() != 0:
        return None
    if group.isdigit():
        return int(group)
    try:
        return grp.getgrnam(group).gr_gid
    except KeyError:
        log.debug("group %s does not exist: the API socket is for root alone", group)
        return None


def _tcp(address: str, *, tls: bool | None) -> Listener:
    if tls is not False:
        raise BadHost(
            f"tcp://{address} without TLS makes everyone who reaches it root on this machine,"
            " and TLS is not there yet in this build; if you want it nevertheless, add --tls=false"
        )
    name, _, port = address.rpartition(":") if ":" in address else (address, "", "")
    name = name.strip("[]") or "127.0.0.1"
    try:
        family, _, _, _, where = socket.getaddrinfo(
            name, int(port or DEFAULT_TCP_PORT), type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        sock = socket.socket(family, socket.SOCK_STREAM | socket.SOCK_CLOEXEC)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind(where)
    except (OSError, ValueError) as error:
        raise BadHost(f"cannot listen on tcp://{address}: {error}") from error
    log.warning(
        "API is accessible on tcp://%s without encryption:"
        " access to it is equivalent to root access on this machine",
        address,
    )
    shown = f"[{name}]" if ":" in name else name
    return Listener(sock, f"tcp://{shown}:{sock.getsockname()[1]}", "")


def _passed() -> list[Listener]:
    if setting("LISTEN_PID") != str(os.getpid()):
        raise BadHost("no sockets were passed for fd://: start sampand through systemd")
    found = []
    for fd in range(FIRST_PASSED_FD, FIRST_PASSED_FD + int(setting("LISTEN_FDS", "0"))):
        os.set_inheritable(fd, False)  # noqa: FBT003 - os has no keyword for it
        found.append(Listener(socket.socket(fileno=fd), f"fd://{fd}", ""))
    if not found:
        raise BadHost("no sockets were passed for fd://")
    return found


def close_listener(listener: Listener) -> None:
    """Close, and unlink a unix socket."""
    listener.sock.close()
    if listener.path and os.path.lexists(listener.path):
        os.unlink(listener.path)
