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
               its namespace (deleting one by hand costs 18 ms, measured)
    Every step can be repeated, and undone by what the state remembers, after a crash.

All calls are synchronous and short; the engine makes them from one thread of their own, one at
a time, so nothing here locks.
"""

from typing import NamedTuple


class Binding(NamedTuple):
    """One published port. host_port 0 asks for a free one; host_ip "" means every address."""

    protocol: str  # tcp, udp, sctp
    container_port: int
    host_ip: str
    host_port: int


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
