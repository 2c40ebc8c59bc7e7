"""The bridge driver: one Linux bridge per network, one veth pair per endpoint.

Packet filter and published ports are not its business (sampan.network.packet_filter,
publish). The driver speaks to the network namespace of the thread that made it.
"""

import errno
import os
import socket

from sampan.errors import Conflict
from sampan.linux import netns
from sampan.linux.netlink import address, link, neighbour, route
from sampan.linux.netlink.message import Request
from sampan.linux.netlink.socket import Netlink
from sampan.network import bridge_options, host_settings, sysctl
from sampan.network.ipam import parse_subnet
from sampan.state.endpoints import EndpointRecord
from sampan.state.networks import Network

# The note on bridges made here. Others, named with --bridge, are used but never changed much:
# their other addresses stay, and they are not deleted.
OURS = "sampan"


class BridgeDriver:
    """Bridges and veths of one network namespace.

    guarded: a packet filter keeps containers from the host's 127.0.0.1 (firewall.py). Only then
    may that address be routed to and from bridges, for ports published on it.
    """

    name = "bridge"
    has_addresses = True

    def __init__(self, netlink: Netlink, *, guarded: bool) -> None:
        self._netlink = netlink
        self._guarded = guarded
        self._indexes: dict[str, int] = {}

    def ensure(self, network: Network) -> None:
        """Make the bridge, or put right what differs from the network's record."""
        device = self._bridge(network)
        self._indexes[network.id] = device.ifindex
        wanted = [(pool.gateway, parse_subnet(pool.subnet).prefixlen) for pool in network.pools]
        present = address.list_addresses(self._netlink, device.ifindex)
        # A bridge without IPv6 addresses should have no link-local one either.
        sysctl.write(f"ipv6/conf/{device.name}/disable_ipv6", "0" if network.ipv6 else "1")
        # Looking for duplicates of its link-local address, a bridge asks nobody's MAC for a
        # second or two after its first container came.
        sysctl.write(f"ipv6/conf/{device.name}/accept_dad", "0")
        requests = [
            address.add_address(device.ifindex, gateway, prefix)
            for gateway, prefix in wanted
            if not any((a.address, a.prefix) == (gateway, prefix) for a in present)
        ]
        requests += [
            address.delete_address(device.ifindex, a.address, a.prefix)
            for a in present
            if device.alias == OURS and not _belongs(a, wanted)
        ]
        requests.append(link.set_up(device.name))
        self._netlink.call(*requests)
        sysctl.write(f"ipv4/conf/{device.name}/route_localnet", "1" if self._guarded else "0")
        sysctl.write(f"ipv6/conf/{device.name}/accept_ra", "0")

    def attach(self, network: Network, endpoint: EndpointRecord, pidfd: int) -> None:
        """Make the veth pair with one end in the sandbox, and configure that end."""
        try:
            self._connect(network, endpoint, pidfd)
        except OSError as error:
            if error.errno not in {errno.ENODEV, errno.EINVAL}:
                raise
            # The bridge is not what it was: somebody deleted it, or deleted and remade it.
            self.ensure(network)
            self._connect(network, endpoint, pidfd)

    def _connect(self, network: Network, endpoint: EndpointRecord, pidfd: int) -> None:
        master = self._index(network)
        veth, eth = endpoint.host_interface, endpoint.interface
        with netns.entered(pidfd), Netlink() as inside:
            namespace = netns.open_current()
            try:
                pair = link.add_veth(
                    veth,
                    peer=eth,
                    peer_mac=endpoint.mac,
                    peer_netns=namespace,
                    master=master,
                    mtu=bridge_options.mtu(network.options),
                )
                self._add_veth(pair, veth)
            finally:
                os.close(namespace)
            # The peer is still down: no link-local address was made yet.
            if endpoint.address6:
                sysctl.set_blindly(f"ipv6/conf/{eth}/accept_dad", "0")
            else:
                sysctl.set_blindly(f"ipv6/conf/{eth}/disable_ipv6", "1")
            index = socket.if_nametoindex(eth)
            inside.call(*_configuration(endpoint, index))
        self._set_port(network, veth)
        self._forget_predecessor(endpoint, master)

    def detach(self, endpoint: EndpointRecord, *, lives_on: bool) -> None:
        """Stop the bridge from using the port; the pair itself goes with its namespace.

        Until the kernel has cleaned the dying namespace up, its stack would go on answering
        for an address that the next container may have already.
        """
        if lives_on:
            self._attempt(link.delete(endpoint.host_interface))
            return
        try:
            index = socket.if_nametoindex(endpoint.host_interface)
        except OSError:
            return  # its namespace was faster
        self._attempt(link.disable_bridge_port(index))

    def repair(self, network: Network, endpoint: EndpointRecord) -> None:
        """Put the host's end back into the bridge if it fell out, with the flags it needs now."""
        found = self._found(endpoint.host_interface)
        if found is None:
            return  # whoever lives there has taken its interface away
        master = self._index(network)
        if found.master != master or not found.up:
            self._netlink.call(
                link.set_master(endpoint.host_interface, master),
                link.set_up(endpoint.host_interface),
            )
        self._set_port(network, endpoint.host_interface)

    def remove(self, network: Network) -> None:
        """Delete the bridge, if it was made here; veths still in it lose nothing but a master."""
        self._indexes.pop(network.id, None)
        found = self._found(network.device)
        if found is None or found.alias != OURS:
            return
        self._attempt(link.delete(network.device))

    def _attempt(self, request: Request) -> None:
        (error,) = self._netlink.attempt([request])
        # Gone, or no port of a bridge any more, is as good as done.
        if error is not None and error.errno not in {errno.ENODEV, errno.EINVAL, errno.EOPNOTSUPP}:
            raise error

    def _found(self, name: str) -> link.Link | None:
        try:
            return link.get_link(self._netlink, name)
        except OSError as error:
            if error.errno == errno.ENODEV:
                return None
            raise

    def _bridge(self, network: Network) -> link.Link:
        mtu = bridge_options.mtu(network.options)
        found = self._found(network.device)
        if found is None:
            # A MAC of its own: without one a bridge takes the lowest of its ports', and
            # changes it under its neighbours' feet when ports come and go.
            mac = (b"\x02\x42" + os.urandom(4)).hex(":")
            self._netlink.call(
                link.add_bridge(network.device, mac, mtu), link.set_alias(network.device, OURS)
            )
            return link.get_link(self._netlink, network.device)
        if found.kind != "bridge":
            raise Conflict(f"device {network.device} exists and is not a bridge")
        if mtu and found.mtu != mtu:
            self._netlink.call(link.set_mtu(network.device, mtu))
        return found

    def _index(self, network: Network) -> int:
        if network.id not in self._indexes:
            self._indexes[network.id] = link.get_link(self._netlink, network.device).ifindex
        return self._indexes[network.id]

    def _add_veth(self, pair: Request, veth: str) -> None:
        (error,) = self._netlink.attempt([pair])
        if error is None:
            return
        if error.errno != errno.EEXIST:
            raise error
        # Left by a start that a crash cut short: names follow endpoint ids, so it is ours.
        self._netlink.call(link.delete(veth))
        self._netlink.call(pair)

    def _forget_predecessor(self, endpoint: EndpointRecord, master: int) -> None:
        # Whoever had the address before may have had another MAC (--mac-address), which the
        # host would go on using for half a minute.
        requests = [
            neighbour.delete_neighbour(master, taken)
            for taken in (endpoint.address, endpoint.address6)
            if taken
        ]
        for error in self._netlink.attempt(requests):
            if error is not None and error.errno != errno.ENOENT:
                raise error

    def _set_port(self, network: Network, veth: str) -> None:
        isolated = not bridge_options.is_on(network.options, bridge_options.ICC)
        # With bridge-nf-call-iptables=1 a packet to a published port of the same bridge is
        # redirected while being bridged, so it may have to leave by the port it came from.
        hairpin = host_settings.bridged_packets_are_filtered()
        index = socket.if_nametoindex(veth)
        requests = [link.settle(index), link.settle(self._index(network))]
        if hairpin or isolated:
            requests.append(link.set_bridge_port(index, hairpin=hairpin, isolated=isolated))
        self._netlink.call(*requests)


def _belongs(found: address.Address, wanted: list[tuple[str, int]]) -> bool:
    # Link-local addresses are the kernel's.
    return (found.address, found.prefix) in wanted or found.address.startswith("fe80:")


def _configuration(endpoint: EndpointRecord, index: int) -> list[Request]:
    eth = endpoint.interface
    requests = [link.set_up("lo")]
    if endpoint.address:
        requests.append(address.add_address(index, endpoint.address, endpoint.prefix))
    if endpoint.address6:
        requests.append(address.add_address(index, endpoint.address6, endpoint.prefix6))
    requests += [link.set_up(eth), link.settle(index)]
    if endpoint.default_route:
        requests += route.default_routes(index, endpoint.gateway, endpoint.gateway6)
    return requests
