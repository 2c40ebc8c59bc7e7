"""What a network driver promises, and the values that cross the room's door.

Words (Docker's)
    network    a named subnet with a driver: bridge, host, none (macvlan, ipvlan later)
    sandbox    the network namespace of one running container, known by its init's pidfd
    endpoint   one container's place in one network: addresses, MAC, interface name
    binding    one published port: host address and port to container port

Life of an endpoint
    allocate   address and MAC are chosen and kept in the state (before the container starts)
    attach     veth made, moved into the sandbox, configured; ports opened in the packet filter
    detach     ports closed, address given back. The veth is never deleted by hand: it goes with
               its namespace (deleting one by hand costs 18 ms, measured); the bridge stops
               passing frames to it at once
    Every step can be repeated, and undone by what the state remembers, after a crash.

All calls are synchronous and short; the engine makes them from one thread of their own, one at
a time, so nothing here locks.
"""

from typing import NamedTuple, Protocol

from sampan.state.endpoints import EndpointRecord
from sampan.state.networks import Network


class Binding(NamedTuple):
    """One published port. host_port 0 asks for a free one; host_ip "" means every address.

    With host_port_end the first free port of the range is taken.
    """

    protocol: str  # tcp, udp, sctp
    container_port: int
    host_ip: str
    host_port: int
    host_port_end: int = 0


class Endpoint(NamedTuple):
    """One container's place in one network; JSON-able, kept in the state."""

    network_id: str
    endpoint_id: str
    interface: str  # name inside the sandbox, eth0
    mac: str
    address: str  # "172.19.0.2"; "" on networks without addresses
    prefix: int
    gateway: str
    address6: str
    prefix6: int
    gateway6: str


class Wishes(NamedTuple):
    """What a container asks of its endpoint; everything may be left open."""

    container_name: str = ""  # without the slash; named in errors and in network inspect
    address: str = ""
    address6: str = ""
    mac: str = ""
    aliases: tuple[str, ...] = ()
    interface: str = ""  # the first free eth<N> when left open


class NetworkRequest(NamedTuple):
    """What `network create` asks for. Pools are (subnet, gateway, range, auxiliary)."""

    name: str
    driver: str = "bridge"
    pools: tuple[tuple[str, str, str, dict[str, str]], ...] = ()
    ipam_driver: str = "default"
    ipam_options: dict[str, str] | None = None
    options: dict[str, str] | None = None
    labels: dict[str, str] | None = None
    internal: bool = False
    attachable: bool = False
    ipv6: bool = False


class Driver(Protocol):
    """One kind of network.

    ensure   make what the network needs on the host, or repair it; may be repeated
    attach   put an endpoint's interface into a sandbox and configure it
    detach   cut an endpoint off; the sandbox may be gone already. With lives_on it stays, and
             the interface is taken out of it
    repair   after a restart of the daemon: see that a living endpoint is still connected
    remove   take away what ensure made; may be repeated
    """

    name: str
    has_addresses: bool  # whether endpoints get addresses of the network's pools

    def ensure(self, network: Network) -> None:
        """Make or repair the network's device."""

    def attach(self, network: Network, endpoint: EndpointRecord, pidfd: int) -> None:
        """Connect a sandbox."""

    def detach(self, endpoint: EndpointRecord, *, lives_on: bool) -> None:
        """Cut an endpoint off."""

    def repair(self, network: Network, endpoint: EndpointRecord) -> None:
        """See that a living endpoint is still connected."""

    def remove(self, network: Network) -> None:
        """Take the network's device away."""
