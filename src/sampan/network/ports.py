"""Host ports that containers hold: reserved by sockets, so that nobody else takes them.

A published port works without any socket (the packet filter redirects), so nothing would stop
another program from listening on it in vain. The daemon therefore binds every published
port and keeps the socket. TCP sockets also listen: only then does the kernel refuse others who set
SO_REUSEADDR as well, which we must set, or connections in TIME_WAIT would keep the port
from us for a minute.
"""

import errno
import os
import socket
from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from sampan.errors import Conflict, InvalidRequest, Unavailable
from sampan.network.driver import Binding
from sampan.network.port_holders import find_holder

_EVERY = {4: "0.0.0.0", 6: "::"}  # noqa: S104 - the address people publish on by default


class Reservation(NamedTuple):
    """One reserved port: address and port, and who holds it."""

    protocol: str
    address: str
    port: int
    holder: str  # container id
    holder_name: str


class PortBook:
    """All ports reserved by this daemon."""

    def __init__(self, ephemeral: tuple[int, int]) -> None:
        self._held: dict[tuple[str, str, int], tuple[Reservation, socket.socket | None]] = {}
        # Whole ranges are published: whether a port is held must not be asked of all of them.
        self._addresses: defaultdict[tuple[str, int], set[str]] = defaultdict(set)
        self._first, self._last = ephemeral
        self._cursor = self._first

    def reserve(self, binding: Binding, addresses: tuple[str, ...], holder: str, name: str) -> int:
        """Reserve one port on all of the addresses; return its number.

        Raises Conflict with Docker's words, and who holds the port as far as that can be seen.
        """
        last_refusal: Conflict | None = None
        for port in self._candidates(binding):
            try:
                self._take(binding.protocol, addresses, port, holder, name)
            except Conflict as refusal:
                last_refusal = refusal
                continue
            return port
        if binding.host_port and last_refusal is not None:
            raise last_refusal
        raise Unavailable("all dynamically allocated ports are taken")

    def retake(self, reservation: Reservation) -> None:
        """Reserve a port again that a running container had before the daemon restarted."""
        self._take(
            reservation.protocol,
            (reservation.address,),
            reservation.port,
            reservation.holder,
            reservation.holder_name,
        )

    def release(self, protocol: str, address: str, port: int) -> None:
        """Give one port back; nothing happens if it was not reserved."""
        _reservation, held = self._held.pop((protocol, address, port), (None, None))
        addresses = self._addresses[protocol, port]
        addresses.discard(address)
        if not addresses:
            del self._addresses[protocol, port]
        if held is not None:
            held.close()

    def release_all(self) -> None:
        """Give every port back."""
        for key in list(self._held):
            self.release(*key)

    def socket_of(self, protocol: str, address: str, port: int) -> socket.socket | None:
        """Return the socket that holds a port."""
        return self._held.get((protocol, address, port), (None, None))[1]

    def _candidates(self, binding: Binding) -> Iterator[int]:
        if binding.host_port and binding.host_port_end:
            yield from range(binding.host_port, binding.host_port_end + 1)
        elif binding.host_port:
            yield binding.host_port
        else:
            # In a circle, so that a port just given back is not the next one given out.
            count = self._last - self._first + 1
            for _ in range(count):
                yield self._cursor
                self._cursor += 1
                if self._cursor > self._last:
                    self._cursor = self._first

    def _take(
        self, protocol: str, addresses: tuple[str, ...], port: int, holder: str, name: str
    ) -> None:
        taken: list[tuple[str, str, int]] = []
        try:
            for address in addresses:
                self._check_book(protocol, address, port)
                key = (protocol, address, port)
                reservation = Reservation(protocol, address, port, holder, name)
                self._held[key] = (reservation, _bind(protocol, address, port))
                self._addresses[protocol, port].add(address)
                taken.append(key)
        except BaseException:
            for key in taken:
                self.release(*key)
            raise

    def _check_book(self, protocol: str, address: str, port: int) -> None:
        for other in self._addresses.get((protocol, port), ()):
            if _clash(address, other):
                held, _socket = self._held[protocol, other, port]
                raise _refusal(address, port, f"container {held.holder_name or held.holder[:12]}")


def _clash(one: str, other: str) -> bool:
    version = 6 if ":" in one else 4
    if version != (6 if ":" in other else 4):
        return False
    return one == other or _EVERY[version] in {one, other}


def _bind(protocol: str, address: str, port: int) -> socket.socket | None:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    try:
        held = _open(protocol, family)
    except OSError as error:
        if error.errno in {errno.EPROTONOSUPPORT, errno.ESOCKTNOSUPPORT}:
            return None  # no SCTP in this kernel: the book alone keeps it
        # Most likely so many ports that descriptors ran out.
        raise _explain(error, protocol, address, port) from error
    try:
        if family == socket.AF_INET6:
            held.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        if protocol != "udp":
            held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        held.bind((address, port))
        if protocol == "tcp":
            held.listen()
    except OSError as error:
        held.close()
        raise _explain(error, protocol, address, port) from error
    return held


def _open(protocol: str, family: int) -> socket.socket:
    if protocol == "tcp":
        return socket.socket(family, socket.SOCK_STREAM)
    if protocol == "udp":
        held = socket.socket(family, socket.SOCK_DGRAM)
        # Nobody reads it: whatever strays here must not pile up.
        held.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 0)
        return held
    if protocol == "sctp":
        return socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_SCTP)
    raise InvalidRequest(f"invalid proto: {protocol}")


def _explain(error: OSError, protocol: str, address: str, port: int) -> Exception:
    if error.errno == errno.EADDRINUSE:
        return _refusal(address, port, find_holder(protocol, port))
    shown = f"[{address}]:{port}" if ":" in address else f"{address}:{port}"
    return Conflict(f"Bind for {shown} failed: {os.strerror(error.errno or 0).lower()}")


def _refusal(address: str, port: int, holder: str) -> Conflict:
    shown = f"[{address}]:{port}" if ":" in address else f"{address}:{port}"
    said = f" (held by {holder})" if holder else ""
    return Conflict(f"Bind for {shown} failed: port is already allocated{said}")
