"""Containers' places in networks: allocate, attach, detach, and taking them back at a restart.

Works on the records of sampan.state.endpoints; which network is meant has been looked up
already (networks.py), and devices and packets are the drivers' and the publisher's business.
"""

import logging
import socket
from collections.abc import Callable, Collection, Mapping

from sampan.base.ids import new_id
from sampan.errors import Forbidden, InvalidRequest, NotFound
from sampan.linux import netns
from sampan.linux.netlink import route
from sampan.linux.netlink.socket import Netlink
from sampan.network import bridge_options, ipam
from sampan.network.driver import Binding, Driver, Endpoint, Wishes
from sampan.network.publish import Publisher
from sampan.network.refusals import explained
from sampan.state.endpoints import EndpointRecord, EndpointTable
from sampan.state.networks import Network

log = logging.getLogger(__name__)


class Endpoints:
    """All endpoints of one daemon."""

    def __init__(
        self,
        table: EndpointTable,
        drivers: Mapping[str, Driver],
        publisher: Publisher,
        network_of: Callable[[str], Network],
    ) -> None:
        self._table = table
        self._drivers = drivers
        self._publisher = publisher
        self._network_of = network_of

    def allocate(self, container_id: str, network: Network, wishes: Wishes) -> Endpoint:
        """Choose addresses and MAC, and keep them."""
        others = self._table.of_container(container_id)
        for other in others:
            if other.network_id == network.id:
                if other.attached:
                    raise Forbidden(
                        f"endpoint with name {wishes.container_name} already exists in network"
                        f" {network.name}"
                    )
                self._table.delete(other.id)  # of a start that was given up
        others = self._table.of_container(container_id)
        identity = new_id()
        record = EndpointRecord(
            id=identity,
            network_id=network.id,
            container_id=container_id,
            container_name=wishes.container_name,
            interface=wishes.interface or _free_interface(others),
            aliases=list(wishes.aliases),
        )
        if self._drivers[network.driver].has_addresses:
            record.host_interface = f"veth{identity[:7]}"
            self._number(record, network, wishes)
            record.default_route = bool(record.gateway or record.gateway6) and not any(
                other.default_route for other in others
            )
        self._table.save(record)
        return _public(record)

    def attach(self, endpoint: Endpoint, pidfd: int, bindings: Collection[Binding]) -> None:
        """Connect a sandbox and open ports; nothing of it stays when either is refused."""
        record = self._record(endpoint.endpoint_id)
        network = self._network_of(record.network_id)
        if record.ports:
            ports, record.ports = record.ports, []
            self._publisher.close(record, ports)
        # Ports first: they are what can be refused, and a veth takes long to undo. On the
        # host's network and on internal ones there is nothing to publish, as with Docker.
        driver = self._drivers[network.driver]
        published = driver.has_addresses and not network.internal
        wished = [_bound(binding, network) for binding in bindings] if published else []
        ports = self._publisher.open(record, wished) if wished else []
        record.ports = ports
        try:
            with explained(f"connect {record.container_name} to network {network.name}"):
                driver.attach(network, record, pidfd)
        except BaseException:
            record.ports = []
            self._publisher.close(record, ports)
            raise
        record.attached = True
        self._table.save(record)

    def detach(self, container_id: str) -> None:
        """Close ports and give addresses back, of all of a container that has ended."""
        for record in self._table.of_container(container_id):
            self._drop(record, lives_on=False)

    def disconnect(self, container_id: str, network: Network, pidfd: int | None) -> None:
        """Take a container out of one network; with a pidfd it goes on running."""
        found = [r for r in self._table.of_container(container_id) if r.network_id == network.id]
        if not found:
            raise NotFound("endpoint", f"{container_id[:12]} in network {network.name}")
        for record in found:
            self._drop(record, lives_on=pidfd is not None)
            if record.default_route and pidfd is not None:
                self._lead_out_elsewhere(container_id, pidfd)

    def restore(self, running: Collection[str]) -> None:
        """Forget endpoints of containers that are gone; reconnect and reserve for the others."""
        for record in self._table:
            try:
                network = self._network_of(record.network_id)
            except NotFound:
                self._table.delete(record.id)
                continue
            if record.container_id not in running or not record.attached:
                self._table.delete(record.id)
                self._drivers[network.driver].detach(record, lives_on=False)
                continue
            self._drivers[network.driver].repair(network, record)
            for refusal in self._publisher.reopen(record):
                log.warning("container %s: %s", record.container_id[:12], refusal)

    def repair(self) -> None:
        """See that everybody is still connected, with the flags that are needed now."""
        for record in self._table:
            if record.attached:
                network = self._network_of(record.network_id)
                self._drivers[network.driver].repair(network, record)

    def rename(self, container_id: str, name: str) -> None:
        """Follow a container's new name."""
        for record in self._table.of_container(container_id):
            record.container_name = name
            self._table.save(record)

    def _number(self, record: EndpointRecord, network: Network, wishes: Wishes) -> None:
        on_default = network.options.get(bridge_options.DEFAULT) == "true"
        if on_default and (wishes.address or wishes.address6):
            raise InvalidRequest(
                "user specified IP address is supported on user defined networks only"
            )
        used = {
            address
            for other in self._table.of_network(network.id)
            for address in (other.address, other.address6)
        }
        for pool in network.pools:
            prefix = ipam.parse_subnet(pool.subnet).prefixlen
            gateway = "" if network.internal else pool.way_out or pool.gateway
            if ":" in pool.subnet:
                if not record.address6:
                    record.address6 = ipam.allocate(pool, used, wishes.address6)
                    record.prefix6, record.gateway6 = prefix, gateway
            elif not record.address:
                record.address = ipam.allocate(pool, used, wishes.address)
                record.prefix, record.gateway = prefix, gateway
        asked = ipam.parse_mac(wishes.mac) if wishes.mac else ""
        record.mac = asked or ipam.mac_of(record.address or record.address6)

    def _record(self, endpoint_id: str) -> EndpointRecord:
        record = self._table.get(endpoint_id)
        if record is None:
            raise NotFound("endpoint", endpoint_id)
        return record

    def _drop(self, record: EndpointRecord, *, lives_on: bool) -> None:
        network = self._network_of(record.network_id)
        # Forgotten first: whoever writes the packet filter anew must not bring it back.
        self._table.delete(record.id)
        self._publisher.close(record, record.ports)
        self._drivers[network.driver].detach(record, lives_on=lives_on)

    def _lead_out_elsewhere(self, container_id: str, pidfd: int) -> None:
        for record in self._table.of_container(container_id):
            if record.attached and (record.gateway or record.gateway6):
                with netns.entered(pidfd), Netlink() as inside:
                    index = socket.if_nametoindex(record.interface)
                    inside.call(*route.default_routes(index, record.gateway, record.gateway6))
                record.default_route = True
                self._table.save(record)
                return


def _bound(binding: Binding, network: Network) -> Binding:
    return binding._replace(
        host_ip=binding.host_ip or bridge_options.host_binding(network.options)
    )


def _public(record: EndpointRecord) -> Endpoint:
    return Endpoint(
        network_id=record.network_id,
        endpoint_id=record.id,
        interface=record.interface,
        mac=record.mac,
        address=record.address,
        prefix=record.prefix,
        gateway=record.gateway,
        address6=record.address6,
        prefix6=record.prefix6,
        gateway6=record.gateway6,
    )


def _free_interface(others: list[EndpointRecord]) -> str:
    taken = {other.interface for other in others}
    return next(f"eth{n}" for n in range(len(taken) + 1) if f"eth{n}" not in taken)
