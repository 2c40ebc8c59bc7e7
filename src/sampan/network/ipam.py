"""Which subnet a network gets, which address an endpoint gets. Pure: knows what it is told.

What is taken (routes of the host, other networks, other endpoints) is passed in; what was
chosen is kept by the caller.
"""

import hashlib
from collections.abc import Collection, Iterable, Iterator
from ipaddress import (
    IPv4Address,
    IPv4Interface,
    IPv4Network,
    IPv6Address,
    IPv6Interface,
    IPv6Network,
    ip_address,
    ip_interface,
    ip_network,
)

from sampan.errors import Conflict, Forbidden, InvalidRequest, Unavailable
from sampan.network.options import AddressPool
from sampan.state.networks import Pool

Subnet = IPv4Network | IPv6Network
Interface = IPv4Interface | IPv6Interface
Address = IPv4Address | IPv6Address


def parse_subnet(text: str) -> Subnet:
    """Read "172.28.0.0/16"; host bits are dropped, as Docker does."""
    try:
        return ip_network(text, strict=False)
    except ValueError as error:
        raise InvalidRequest(f"invalid subnet {text!r}: {error}") from error


def parse_address(text: str) -> Address:
    """Read one address."""
    try:
        return ip_address(text)
    except ValueError as error:
        raise InvalidRequest(f"invalid address {text!r}: {error}") from error


def parse_interface(text: str) -> Interface:
    """Read an address with its prefix, "172.26.0.1/16"."""
    try:
        return ip_interface(text)
    except ValueError as error:
        raise InvalidRequest(f"invalid address {text!r}: {error}") from error


def free_subnet(pools: Iterable[AddressPool], taken: Iterable[str]) -> Subnet:
    """Return the first subnet of the pools that overlaps nothing taken."""
    others = [parse_subnet(text) for text in taken]
    for candidate in _cuts(pools):
        if not any(_overlap(candidate, other) for other in others):
            return candidate
    raise Unavailable(
        "could not find an available, non-overlapping address pool among the defaults to"
        " assign to the network"
    )


def local_pool(seed: str) -> AddressPool:
    """Return where IPv6 subnets come from when nobody names one: a /48 nobody else has.

    A locally assigned global id (RFC 4193, 3.2), the same for the same seed.
    """
    digits = hashlib.sha256(seed.encode()).hexdigest()[:10]
    return AddressPool(f"fd{digits[:2]}:{digits[2:6]}:{digits[6:]}::/48", 64)


def check_subnet(subnet: Subnet, existing: Iterable[tuple[str, str]]) -> None:
    """Refuse a subnet that overlaps one of the networks given as (name, subnet)."""
    for name, text in existing:
        if _overlap(subnet, parse_subnet(text)):
            raise Forbidden(
                f"invalid pool request: pool overlaps with other one on this address space:"
                f" {subnet} and {text} of network {name}"
            )


def complete(pool: Pool) -> Pool:
    """Check a pool's parts against each other and fill in the gateway."""
    subnet = parse_subnet(pool.subnet)
    for part in (pool.gateway, pool.way_out, *pool.auxiliary.values()):
        if part and parse_address(part) not in subnet:
            raise InvalidRequest(f"no matching subnet for address {part} in {subnet}")
    if pool.ip_range:
        chosen = parse_subnet(pool.ip_range)
        if chosen.version != subnet.version or not _within(chosen, subnet):
            raise InvalidRequest(f"ip range {pool.ip_range} is not inside subnet {subnet}")
    gateway = pool.gateway or str(first_host(subnet))
    return Pool(
        subnet=str(subnet),
        gateway=gateway,
        way_out=pool.way_out,
        ip_range=pool.ip_range,
        auxiliary=pool.auxiliary,
    )


def first_host(subnet: Subnet) -> Address:
    """Return the address a gateway gets when nobody says otherwise."""
    return subnet[1] if subnet.num_addresses > 2 else subnet[0]


def allocate(pool: Pool, used: Collection[str], wanted: str = "") -> str:
    """Choose a free address: the one asked for, or the lowest of the pool's range."""
    subnet = parse_subnet(pool.subnet)
    closed = {pool.gateway, pool.way_out, *pool.auxiliary.values()}
    if wanted:
        address = parse_address(wanted)
        if address not in subnet:
            raise InvalidRequest(f"no configured subnet contains IP address {wanted}")
        if str(address) in used or str(address) in closed or _is_edge(address, subnet):
            raise Conflict(f"address {wanted} is already in use")
        return str(address)
    taken = {int(parse_address(text)) for text in (*used, *closed) if text}
    for number in _numbers(parse_subnet(pool.ip_range) if pool.ip_range else subnet, subnet):
        if number not in taken:
            return str(_address(number, subnet))
    raise Unavailable(f"no available IPv{subnet.version} addresses on subnet {subnet}")


def mac_of(address: str) -> str:
    """Return the MAC of a container's address: 02:42 and its four bytes, as Docker's.

    The same address always has the same MAC, so that nobody's neighbour table goes stale
    when an address passes from one container to the next.
    """
    packed = parse_address(address).packed
    return (b"\x02\x42" + packed[-4:]).hex(":")


def parse_mac(text: str) -> str:
    """Read a MAC as people write it; lower case with colons comes back."""
    digits = text.replace("-", ":").lower()
    parts = digits.split(":")
    if len(parts) != 6 or not all(len(part) == 2 and _is_hex(part) for part in parts):
        raise InvalidRequest(f"invalid mac address: {text}")
    if int(parts[0], 16) & 1:
        raise InvalidRequest(f"invalid mac address: {text} is a multicast address")
    return digits


def _cuts(pools: Iterable[AddressPool]) -> Iterator[Subnet]:
    for pool in pools:
        base = parse_subnet(pool.base)
        if not base.prefixlen <= pool.size <= base.max_prefixlen:
            raise InvalidRequest(f"invalid address pool: no /{pool.size} in {base}")
        yield from base.subnets(new_prefix=pool.size)


def _overlap(one: Subnet, other: Subnet) -> bool:
    if isinstance(one, IPv4Network) and isinstance(other, IPv4Network):
        return one.overlaps(other)
    if isinstance(one, IPv6Network) and isinstance(other, IPv6Network):
        return one.overlaps(other)
    return False


def _within(inner: Subnet, outer: Subnet) -> bool:
    return outer.prefixlen <= inner.prefixlen and inner.network_address in outer


def _is_edge(address: Address, subnet: Subnet) -> bool:
    if subnet.num_addresses <= 2:
        return False
    if subnet.version == 6:
        return address == subnet.network_address
    return address in {subnet.network_address, subnet.broadcast_address}


def _numbers(chosen: Subnet, subnet: Subnet) -> Iterator[int]:
    for number in range(int(chosen.network_address), int(chosen.broadcast_address) + 1):
        if not _is_edge(_address(number, subnet), subnet):
            yield number


def _address(number: int, subnet: Subnet) -> Address:
    return IPv4Address(number) if subnet.version == 4 else IPv6Address(number)


def _is_hex(part: str) -> bool:
    return all(letter in "0123456789abcdef" for letter in part)
