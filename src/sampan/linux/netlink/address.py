"""Addresses: RTM_NEWADDR, RTM_DELADDR, RTM_GETADDR (rtnetlink(7)).

Header: ifaddrmsg  u8 family, u8 prefix length, u8 flags, u8 scope, u32 link index
"""

import socket
import struct
from typing import NamedTuple

from sampan.linux.netlink.message import (
    NLM_F_CREATE,
    NLM_F_REPLACE,
    Request,
    attribute,
    attributes,
    u32,
)
from sampan.linux.netlink.socket import Netlink

RTM_NEWADDR = 20
RTM_DELADDR = 21
RTM_GETADDR = 22

IFA_ADDRESS = 1
IFA_LOCAL = 2
IFA_BROADCAST = 4
IFA_FLAGS = 8

IFA_F_NODAD = 0x02

_IFADDR = struct.Struct("=BBBBI")


class Address(NamedTuple):
    """One address of a link."""

    ifindex: int
    address: str
    prefix: int


def add_address(index: int, address: str, prefix: int) -> Request:
    """Give a link an address; one that is there already is left as it is."""
    flags = NLM_F_CREATE | NLM_F_REPLACE
    return Request(RTM_NEWADDR, flags, _payload(index, address, prefix), f"{address}/{prefix}")


def delete_address(index: int, address: str, prefix: int) -> Request:
    """Take an address from a link."""
    return Request(RTM_DELADDR, 0, _payload(index, address, prefix), f"{address}/{prefix}")


def list_addresses(netlink: Netlink, index: int = 0) -> list[Address]:
    """Return the addresses of one link, or of all of them (0)."""
    found = []
    for reply in netlink.dump(Request(RTM_GETADDR, 0, _IFADDR.pack(0, 0, 0, 0, 0))):
        family, prefix, _flags, _scope, owner = _IFADDR.unpack_from(reply.payload)
        values = attributes(reply.payload[_IFADDR.size :])
        raw = values.get(IFA_LOCAL) or values.get(IFA_ADDRESS)
        if raw and index in {0, owner} and family in {socket.AF_INET, socket.AF_INET6}:
            found.append(Address(owner, socket.inet_ntop(family, raw), prefix))
    return found


def _payload(index: int, address: str, prefix: int) -> bytes:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    raw = socket.inet_pton(family, address)
    parts = [attribute(IFA_LOCAL, raw), attribute(IFA_ADDRESS, raw)]
    if family == socket.AF_INET:
        if prefix < 31:
            hosts = (1 << (32 - prefix)) - 1
            last = int.from_bytes(raw, "big") | hosts
            parts.append(attribute(IFA_BROADCAST, last.to_bytes(4, "big")))
    else:
        # Addresses are ours to give: waiting a second for duplicates would only delay starts.
        parts.append(u32(IFA_FLAGS, IFA_F_NODAD))
    return _IFADDR.pack(family, prefix, 0, 0, index) + b"".join(parts)
