"""--subnet, --ip-range, --gateway, --aux-address of network create, put together. Pure.

Ranges, gateways and addresses are written apart from the subnet they belong to; each finds
its own here.
"""

from __future__ import annotations

import _socket

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any


def ipam(
    subnets: Sequence[str],
    ranges: Sequence[str],
    gateways: Sequence[str],
    addresses: Mapping[str, str],
) -> list[dict[str, Any]]:
    """Return IPAM's Config; ValueError in Docker's words when something has no subnet."""
    if len(subnets) < len(ranges) or len(subnets) < len(gateways):
        raise ValueError("every ip-range or gateway must have a corresponding subnet")
    found: dict[str, dict[str, Any]] = {}
    for subnet in subnets:
        for other in found:
            if _holds(other, subnet) or _holds(subnet, other):
                raise ValueError("multiple overlapping subnet configuration is not supported")
        found[subnet] = {"Subnet": subnet}
    for span in ranges:
        entry = _owner(found, span, f"no matching subnet for range {span}")
        if "IPRange" in entry:
            raise ValueError(
                f"cannot configure multiple ranges ({span}, {entry['IPRange']}) on "
                f"the same subnet ({entry['Subnet']})"
            )
        entry["IPRange"] = span
    for gateway in gateways:
        entry = _owner(found, gateway, f"no matching subnet for gateway {gateway}")
        if "Gateway" in entry:
            raise ValueError(
                f"cannot configure multiple gateways ({gateway}, {entry['Gateway']})"
                f" for the same subnet ({entry['Subnet']})"
            )
        entry["Gateway"] = gateway
    for name, address in addresses.items():
        entry = _owner(found, address, f"no matching subnet for aux-address {address}")
        entry.setdefault("AuxiliaryAddresses", {})[name] = address
    return list(found.values())


def _owner(found: dict[str, dict[str, Any]], text: str, failure: str) -> dict[str, Any]:
    for subnet, entry in found.items():
        if _holds(subnet, text):
            return entry
    raise ValueError(failure)


def _holds(subnet: str, text: str) -> bool:
    """Tell whether an address, or another subnet's first one, is in a subnet."""
    base, length, bits = _read(subnet)
    address, _, others = _read(text)
    return bits == others and base >> (bits - length) == address >> (bits - length)


def _read(text: str) -> tuple[int, int, int]:
    """Return an address as a number, its prefix, and how many bits its family has."""
    address, slash, prefix = text.partition("/")
    for family, bits in ((_socket.AF_INET, 32), (_socket.AF_INET6, 128)):
        try:
            number = int.from_bytes(_socket.inet_pton(family, address), "big")
        except OSError:
            continue
        if not slash:
            return number, bits, bits
        if prefix.isdecimal() and int(prefix) <= bits:
            return number, int(prefix), bits
    raise ValueError(f"invalid CIDR address: {text}")
