"""Opening an endpoint's published ports: reserve the host's port, then let packets through.

    reserve (ports.py)  ->  redirect: packet filter, or the proxy where the filter cannot

The filter cannot turn IPv6 into IPv4, so a port on :: that leads to a container without an
IPv6 address goes through the proxy (TCP only); so does every port when the filter is off.
"""

import os
from typing import NamedTuple

from sampan.errors import Conflict, InvalidRequest, SampanError
from sampan.network.driver import Binding
from sampan.network.firewall import PortRule
from sampan.network.flows import forget_udp
from sampan.network.ipam import parse_address
from sampan.network.options import NetworkOptions
from sampan.network.packet_filter import PacketFilter
from sampan.network.ports import PortBook, Reservation
from sampan.network.proxy import Proxy
from sampan.state.endpoints import EndpointRecord, PublishedPort

EVERY4 = "0.0.0.0"  # noqa: S104 - what Docker's users mean by leaving the address out
EVERY6 = "::"
PROTOCOLS = {"tcp", "udp", "sctp"}


class Opening(NamedTuple):
    """How one published port is served."""

    port: PublishedPort
    rule: PortRule | None  # through the packet filter
    target: tuple[str, int] | None  # through the proxy


class Publisher:
    """Published ports of all endpoints."""

    def __init__(
        self, book: PortBook, options: NetworkOptions, packets: PacketFilter | None, proxy: Proxy
    ) -> None:
        self._book = book
        self._options = options
        self._packets = packets
        self._proxy = proxy
        self._host_has_ipv6 = os.path.exists("/proc/sys/net/ipv6")

    def open(self, endpoint: EndpointRecord, bindings: list[Binding]) -> list[PublishedPort]:
        """Open ports; all of them, or none and an error that names the endpoint."""
        opened: list[PublishedPort] = []
        try:
            for binding in bindings:
                opened += self._reserve(endpoint, binding)
            self._serve([self._opening(endpoint, port) for port in opened])
        except SampanError as error:
            self._release(opened)
            text = (
                f"driver failed programming external connectivity on endpoint"
                f" {endpoint.container_name} ({endpoint.id}): {error}"
            )
            raise type(error)(text) from error
        except BaseException:
            self._release(opened)
            raise
        return opened

    def close(self, endpoint: EndpointRecord, ports: list[PublishedPort]) -> None:
        """Close ports. The endpoint's record must not list them any more."""
        openings = [self._opening(endpoint, port) for port in ports]
        for opening in openings:
            if opening.target is not None:
                self._proxy.stop(_key(opening.port))
        if self._packets is not None:
            self._packets.close_ports([o.rule for o in openings if o.rule is not None])
            _forget_flows(ports)
        self._release(ports)

    def reopen(self, endpoint: EndpointRecord) -> list[Conflict]:
        """Reserve a living endpoint's ports again after a restart; return what was refused.

        The filter's rules are not touched: whoever calls this writes the whole table next.
        """
        refusals = []
        for port in endpoint.ports:
            held = Reservation(
                port.protocol,
                port.host_ip,
                port.host_port,
                endpoint.container_id,
                endpoint.container_name,
            )
            try:
                self._book.retake(held)
            except Conflict as error:
                refusals.append(error)
                continue
            opening = self._opening(endpoint, port)
            if opening.target is not None:
                self._start_proxy(opening)
        return refusals

    def rules(self, endpoint: EndpointRecord) -> list[PortRule]:
        """Return what the packet filter should hold for an endpoint."""
        openings = (self._opening(endpoint, port) for port in endpoint.ports)
        return [opening.rule for opening in openings if opening.rule is not None]

    def _reserve(self, endpoint: EndpointRecord, binding: Binding) -> list[PublishedPort]:
        if binding.protocol not in PROTOCOLS:
            raise InvalidRequest(f"invalid proto: {binding.protocol}")
        if not 0 < binding.container_port < 65536 or not 0 <= binding.host_port < 65536:
            raise InvalidRequest(
                f"invalid port: {binding.host_port}:{binding.container_port}/{binding.protocol}"
            )
        addresses = self._addresses(endpoint, binding)
        number = self._book.reserve(
            binding, addresses, endpoint.container_id, endpoint.container_name
        )
        return [
            PublishedPort(binding.protocol, binding.container_port, address, number)
            for address in addresses
        ]

    def _addresses(self, endpoint: EndpointRecord, binding: Binding) -> tuple[str, ...]:
        asked = binding.host_ip or self._options.ip
        if asked:
            address = str(parse_address(asked))
            if self._way(endpoint, binding.protocol, address) == "":
                raise InvalidRequest(
                    f"cannot publish {binding.protocol} port {binding.container_port} on"
                    f" {address}: the container has no address of that kind"
                )
            return (address,)
        every = (EVERY4, EVERY6) if self._host_has_ipv6 else (EVERY4,)
        return tuple(a for a in every if self._way(endpoint, binding.protocol, a))

    def _way(self, endpoint: EndpointRecord, protocol: str, host_ip: str) -> str:
        """How packets to a host address get to the container: filter, proxy or "" for not."""
        six = ":" in host_ip
        filtered = self._packets is not None and (self._options.ip6tables or not six)
        if filtered and (endpoint.address6 if six else endpoint.address):
            return "filter"
        return "proxy" if self._proxies(protocol) else ""

    def _proxies(self, protocol: str) -> bool:
        return self._options.userland_proxy and protocol == "tcp"

    def _opening(self, endpoint: EndpointRecord, port: PublishedPort) -> Opening:
        six = ":" in port.host_ip
        way = self._way(endpoint, port.protocol, port.host_ip)
        # No route leads from ::1 to a container, so the filter cannot send it there.
        to_loopback = port.host_ip in {EVERY6, "::1"} and self._proxies(port.protocol)
        target = (endpoint.address or endpoint.address6, port.container_port)
        if way == "filter":
            rule = PortRule(
                protocol=port.protocol,
                host_ip="" if port.host_ip in {EVERY4, EVERY6} else port.host_ip,
                host_port=port.host_port,
                address=endpoint.address6 if six else endpoint.address,
                container_port=port.container_port,
            )
            return Opening(port, rule, target if to_loopback else None)
        return Opening(port, None, target if way == "proxy" else None)

    def _serve(self, openings: list[Opening]) -> None:
        for opening in openings:
            if opening.target is not None:
                self._start_proxy(opening)
        if self._packets is not None:
            self._packets.open_ports([o.rule for o in openings if o.rule is not None])
            _forget_flows([opening.port for opening in openings])

    def _start_proxy(self, opening: Opening) -> None:
        assert opening.target is not None
        key = _key(opening.port)
        listener = self._book.socket_of(*key)
        if listener is not None:
            self._proxy.serve(key, listener, opening.target)

    def _release(self, ports: list[PublishedPort]) -> None:
        for port in ports:
            self._proxy.stop(_key(port))
            self._book.release(*_key(port))


def _forget_flows(ports: list[PublishedPort]) -> None:
    udp = [(port.host_ip, port.host_port) for port in ports if port.protocol == "udp"]
    if udp:
        forget_udp(udp)


def _key(port: PublishedPort) -> tuple[str, str, int]:
    return (port.protocol, port.host_ip, port.host_port)
