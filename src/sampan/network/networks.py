"""The networks users see: created, listed, removed; their endpoints allocated and attached.

The facade of this room. The deciding is done in ipam.py and firewall.py, the doing in
drivers/, packet_filter.py and publish.py; what is remembered is in sampan.state. Everything
is called from one thread, whose network namespace is the host's.
"""

import errno
import logging
import re
import zlib
from collections.abc import Callable, Collection, Sequence

from sampan.base import clock
from sampan.base.ids import looks_like_id, new_id
from sampan.errors import Conflict, Forbidden, InvalidRequest, NotFound
from sampan.linux.netlink import link, nftables_events
from sampan.linux.netlink.socket import Netlink
from sampan.linux.nftables import Nft, NftError
from sampan.network import bridge_options, default_networks, firewall, host_settings, ipam
from sampan.network.admission import Admission
from sampan.network.claim import Claim
from sampan.network.driver import Binding, Driver, Endpoint, NetworkRequest, Wishes
from sampan.network.drivers.bridge import BridgeDriver
from sampan.network.drivers.host import HostDriver
from sampan.network.drivers.null import NullDriver
from sampan.network.endpoints import Endpoints
from sampan.network.firewall import BridgeRule, PortRule
from sampan.network.options import AddressPool, NetworkOptions
from sampan.network.packet_filter import PacketFilter
from sampan.network.ports import PortBook
from sampan.network.proxy import Proxy
from sampan.network.publish import Publisher
from sampan.network.refusals import explained
from sampan.state.database import Database
from sampan.state.endpoints import EndpointRecord, EndpointTable
from sampan.state.networks import Network, NetworkTable, Pool

log = logging.getLogger(__name__)

_NAME = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9_.-]*\Z")
_DEVICE = re.compile(r"(?!\.\.?\Z)[a-zA-Z0-9_.-]{1,15}\Z")


class Networks:
    """All networks of one daemon."""

    def __init__(self, database: Database, options: NetworkOptions | None = None) -> None:
        self.options = options or NetworkOptions()
        self._networks = NetworkTable(database)
        self._endpoint_table = EndpointTable(database)
        self._netlink = Netlink()
        self._packets: PacketFilter | None = None
        self._admission: Admission | None = None
        if self.options.iptables:
            nft = Nft()
            table = firewall.table_name(self._own_name(database))
            self._packets = PacketFilter(nft, table, self._desired)
            self._admission = Admission(nft)
        self._events: Netlink | None = None
        self._claim: Claim | None = None
        self._hairpins = host_settings.bridged_packets_are_filtered()
        self._proxy = Proxy()
        self._book = PortBook(host_settings.ephemeral_ports())
        self._publisher = Publisher(self._book, self.options, self._packets, self._proxy)
        bridges = BridgeDriver(self._netlink, guarded=self._packets is not None)
        drivers: tuple[Driver, ...] = (bridges, HostDriver(), NullDriver())
        self._drivers = {driver.name: driver for driver in drivers}
        self._endpoints = Endpoints(
            self._endpoint_table, self._drivers, self._publisher, self._by_id
        )

    # ---- the daemon's life

    def ensure_defaults(self) -> None:
        """Make bridge, host and none, every network's device, and our packet filter table."""
        if self._claim is None and self.options.bridge != "none":
            self._claim = Claim(self.options.bridge)
        for name in (default_networks.HOST, default_networks.NONE):
            if self._networks.named(name) is None:
                self._networks.save(default_networks.fixed(name))
        self._ensure_default_bridge()
        # The rules before what they guard: forwarding, and bridges that route 127.0.0.1.
        if self._packets is not None:
            self._packets.assert_all()
        if self.options.ip_forward:
            host_settings.enable_ipv4_forwarding()
            if any(network.ipv6 for network in self._networks):
                host_settings.enable_ipv6_forwarding()
        for network in self._networks:
            if not network.config_only:
                self._drivers[network.driver].ensure(network)
        self._admit()

    def restore(self, running: Collection[str]) -> None:
        """Take running containers' endpoints back after a restart, forget all the others'.

        May be repeated. Comes after ensure_defaults.
        """
        self._endpoints.restore(running)
        if self._packets is not None:
            self._packets.assert_all()

    def watch(self) -> int:
        """Return a descriptor that becomes readable when anybody changes the packet filter.

        Then heed() wants to be called. -1 when we have no packet filter.
        """
        if self._packets is None:
            return -1
        if self._events is None:
            self._events = nftables_events.open_events()
        return self._events.fileno()

    def heed(self) -> bool:
        """Put right what others did to the packet filter; return whether that was needed.

        Our table may have been flushed, or a FORWARD chain may have got the policy to drop
        (a dockerd was started, which also has bridged packets filtered).
        """
        if self._packets is None or not self._something_happened():
            return False
        if not self._hairpins and host_settings.bridged_packets_are_filtered():
            self._hairpins = True
            self._endpoints.repair()
        flushed = not self._packets.is_present()
        if flushed:
            self._packets.assert_all()
        self._admit()
        return flushed

    def cleanup(self) -> None:
        """Remove every device and rule of ours. The records stay."""
        devices = [network.device for network in self._networks if network.device]
        for network in self._networks:
            self._drivers[network.driver].remove(network)
        if self._packets is not None:
            self._packets.drop()
        if self._admission is not None:
            self._admission.withdraw({*devices, self.options.bridge})

    def close(self) -> None:
        """Let go of sockets and reserved ports. Devices and rules stay: containers go on."""
        self._proxy.close()
        self._book.release_all()
        self._netlink.close()
        if self._claim is not None:
            self._claim.close()
            self._claim = None
        if self._events is not None:
            self._events.close()
            self._events = None
        if self._packets is not None:
            self._packets.close()

    # ---- networks

    def create(self, request: NetworkRequest) -> Network:
        """Make a network."""
        network = self._plan(request)
        # Known before it is made: a crash in between leaves a record, which the next start
        # makes true, instead of a bridge that nobody knows.
        self._networks.save(network)
        try:
            with explained(f"make network {network.name}"):
                if network.ipv6 and self.options.ip_forward:
                    host_settings.enable_ipv6_forwarding()
                self._drivers[network.driver].ensure(network)
                if self._packets is not None and network.device:
                    self._packets.add_bridge(self._bridge_rule(network))
            self._admit()
        except BaseException:
            self._networks.delete(network.id)
            self._drivers[network.driver].remove(network)
            raise
        return network

    def list(self) -> Sequence[Network]:
        """Return all networks."""
        return [*self._networks]

    def get(self, ref: str) -> Network:
        """Find a network by id, name or beginning of an id, in this order."""
        exact = self._networks.get(ref) or self._networks.named(ref)
        if exact is not None:
            return exact
        if looks_like_id(ref):
            found = [network for network in self._networks if network.id.startswith(ref)]
            if len(found) == 1:
                return found[0]
            if found:
                raise InvalidRequest(
                    f"network {ref} is ambiguous ({len(found)} matches found on ID prefix)"
                )
        raise NotFound("network", ref)

    def remove(self, ref: str) -> Network:
        """Remove a network nobody is in."""
        network = self.get(ref)
        if network.name in default_networks.NAMES:
            raise Forbidden(f"{network.name} is a pre-defined network and cannot be removed")
        self._remove(network)
        return network

    def prune(self, wanted: Callable[[Network], bool]) -> Sequence[str]:
        """Remove the unused networks that `wanted` accepts; return their names."""
        removed = []
        for network in self._networks:
            unused = not self._endpoint_table.of_network(network.id)
            if network.name not in default_networks.NAMES and unused and wanted(network):
                self._remove(network)
                removed.append(network.name)
        return removed

    # ---- endpoints

    def allocate(self, container_id: str, network: str, wishes: Wishes | None = None) -> Endpoint:
        """Choose a container's address in a network, before it starts."""
        return self._endpoints.allocate(container_id, self.get(network), wishes or Wishes())

    def attach(
        self, endpoint: Endpoint, pidfd: int, bindings: Collection[Binding] = ()
    ) -> Sequence[Binding]:
        """Connect a sandbox; return the ports as opened, one entry for each host address."""
        self._endpoints.attach(endpoint, pidfd, bindings)
        record = self._endpoint_table.get(endpoint.endpoint_id)
        assert record is not None
        return [Binding(p.protocol, p.container_port, p.host_ip, p.host_port) for p in record.ports]

    def detach(self, container_id: str) -> None:
        """Give everything of an ended container back; nothing happens if it had nothing."""
        self._endpoints.detach(container_id)

    def disconnect(self, container_id: str, network: str, pidfd: int | None = None) -> None:
        """Take a container out of one network; with a pidfd it goes on running."""
        self._endpoints.disconnect(container_id, self.get(network), pidfd)

    def rename(self, container_id: str, name: str) -> None:
        """Follow a container's new name."""
        self._endpoints.rename(container_id, name)

    def endpoints_of(self, container_id: str) -> Sequence[EndpointRecord]:
        """Return a container's endpoints, in the order they were made."""
        return self._endpoint_table.of_container(container_id)

    def endpoints_in(self, network_id: str) -> Sequence[EndpointRecord]:
        """Return a network's endpoints."""
        return self._endpoint_table.of_network(network_id)

    # ---- inside

    def _by_id(self, network_id: str) -> Network:
        network = self._networks.get(network_id)
        if network is None:
            raise NotFound("network", network_id)
        return network

    def _own_name(self, database: Database) -> str:
        """Tell this daemon from others on the host: by its bridge, or else by its state."""
        if self.options.bridge != "none":
            return self.options.bridge
        return f"none_{zlib.crc32(database.path.encode()):08x}"

    def _ensure_default_bridge(self) -> None:
        if not _DEVICE.match(self.options.bridge):
            raise InvalidRequest(f"invalid bridge name: {self.options.bridge}")
        known = self._networks.named(default_networks.BRIDGE)
        if known is not None and known.device != self.options.bridge:
            self._drivers[known.driver].remove(known)  # it has another name now, or none
        if self.options.bridge == "none":
            if known is not None:
                self._networks.delete(known.id)
            return
        taken = self._taken(without=known)
        pools = default_networks.bridge_pools(
            known, self.options, self._netlink, taken, self._pools6()
        )
        self._networks.save(default_networks.bridge(known, self.options, pools))

    def _taken(self, without: Network | None = None) -> Sequence[str]:
        own = {network.device for network in self._networks} | {self.options.bridge}
        return default_networks.host_subnets(self._netlink, own) + [
            pool.subnet
            for network in self._networks
            if without is None or network.id != without.id
            for pool in network.pools
        ]

    def _plan(self, request: NetworkRequest) -> Network:
        if not _NAME.match(request.name):
            raise InvalidRequest(f"invalid network name: {request.name!r}")
        if self._networks.named(request.name) is not None:
            raise Conflict(f"network with name {request.name} already exists")
        if request.driver not in self._drivers:
            raise NotFound("network driver", request.driver)
        if request.driver != "bridge":
            raise Forbidden(f'only one instance of "{request.driver}" network is allowed')
        identity = new_id()
        options = dict(request.options or {})
        bridge_options.check(options)
        device = options.get(bridge_options.NAME) or f"br-{identity[:12]}"
        if not _DEVICE.match(device):
            raise InvalidRequest(f"invalid bridge name: {device}")
        if any(found.name == device for found in link.list_links(self._netlink)):
            raise Conflict(f"bridge name {device} is in use: a device of that name exists")
        pools = self._pools(request)
        return Network(
            id=identity,
            name=request.name,
            created=clock.now(),
            driver=request.driver,
            device=device,
            ipv6=any(":" in pool.subnet for pool in pools),
            internal=request.internal,
            attachable=request.attachable,
            ipam_driver=request.ipam_driver,
            ipam_options=dict(request.ipam_options or {}),
            pools=[*pools],
            options=options,
            labels=dict(request.labels or {}),
        )

    def _pools(self, request: NetworkRequest) -> Sequence[Pool]:
        pools = [
            ipam.complete(
                Pool(subnet=subnet, gateway=gateway, ip_range=chosen, auxiliary=dict(auxiliary))
            )
            for subnet, gateway, chosen, auxiliary in request.pools
        ]
        existing = [(n.name, pool.subnet) for n in self._networks for pool in n.pools]
        for pool in pools:
            ipam.check_subnet(ipam.parse_subnet(pool.subnet), existing)
        if all(":" in pool.subnet for pool in pools):
            pools.insert(0, self._free_pool(default_networks.cuts4(self.options)))
        if request.ipv6 and not any(":" in pool.subnet for pool in pools):
            pools.append(self._free_pool(self._pools6()))
        return pools

    def _pools6(self) -> Sequence[AddressPool]:
        given = [cut for cut in self.options.default_address_pools if ":" in cut.base]
        host = self._networks.named(default_networks.HOST)
        assert host is not None
        return given or [ipam.local_pool(host.id)]

    def _free_pool(self, cuts: Sequence[AddressPool]) -> Pool:
        return ipam.complete(Pool(subnet=str(ipam.free_subnet(cuts, self._taken()))))

    def _remove(self, network: Network) -> None:
        inside = self._endpoint_table.of_network(network.id)
        if inside:
            names = ", ".join(f'name:"{e.container_name}" id:"{e.id[:12]}"' for e in inside)
            raise Forbidden(
                f"error while removing network: network {network.name} has active endpoints"
                f" ({names})"
            )
        self._drivers[network.driver].remove(network)
        self._networks.delete(network.id)
        if self._packets is not None and network.device:
            self._packets.remove_bridge(self._bridge_rule(network))
        if self._admission is not None and network.device:
            self._admission.withdraw([network.device])

    def _admit(self) -> None:
        if self._admission is None:
            return
        try:
            self._admission.admit(n.device for n in self._networks if n.device)
        except NftError as error:
            log.warning("cannot admit our bridges to the host's FORWARD chain: %s", error)

    def _something_happened(self) -> bool:
        if self._events is None:
            return True
        try:
            return nftables_events.is_structural(self._events.receive_nowait())
        except OSError as error:
            # More news than the socket could hold: something in it may concern us.
            if error.errno != errno.ENOBUFS:
                raise
            return True

    def _bridge_rule(self, network: Network) -> BridgeRule:
        return BridgeRule(
            device=network.device,
            subnets=tuple(pool.subnet for pool in network.pools),
            internal=network.internal,
            masquerade=bridge_options.is_on(network.options, bridge_options.MASQUERADE),
        )

    def _desired(self) -> tuple[Sequence[BridgeRule], Sequence[PortRule]]:
        bridges = [self._bridge_rule(network) for network in self._networks if network.device]
        ports = [
            rule
            for endpoint in self._endpoint_table
            if endpoint.attached
            for rule in self._publisher.rules(endpoint)
        ]
        return bridges, ports
