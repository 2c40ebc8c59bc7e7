"""Connection tracking: finding and deleting entries (nfnetlink, subsystem CTNETLINK).

Header: nfgenmsg  u8 family, u8 version, be16 resource id. A tuple is nested: addresses
(CTA_TUPLE_IP), protocol and ports (CTA_TUPLE_PROTO).
"""

import socket
import struct
from typing import NamedTuple

from sampan.linux.netlink.message import NLA_F_NESTED, Request, attribute, attributes
from sampan.linux.netlink.socket import Netlink

_NFNL_SUBSYS_CTNETLINK = 1
IPCTNL_MSG_CT_GET = (_NFNL_SUBSYS_CTNETLINK << 8) | 1
IPCTNL_MSG_CT_DELETE = (_NFNL_SUBSYS_CTNETLINK << 8) | 2

CTA_TUPLE_ORIG = 1
CTA_ID = 12
CTA_TUPLE_IP = 1
CTA_TUPLE_PROTO = 2
CTA_IP_V4_DST = 2
CTA_IP_V6_DST = 4
CTA_PROTO_NUM = 1
CTA_PROTO_DST_PORT = 3

_NFGENMSG = struct.Struct("=BBH")


class Entry(NamedTuple):
    """One tracked connection, by where its first packet was sent."""

    family: int
    protocol: int
    destination: str
    port: int
    original: bytes  # CTA_TUPLE_ORIG as the kernel wrote it
    identity: bytes  # CTA_ID


def list_entries(netlink: Netlink, family: int) -> list[Entry]:
    """Return all tracked connections of AF_INET or AF_INET6."""
    request = Request(IPCTNL_MSG_CT_GET, 0, _NFGENMSG.pack(family, 0, 0))
    return [_entry(reply.payload) for reply in netlink.dump(request)]


def delete_entry(entry: Entry) -> Request:
    """Forget a connection; its next packet is looked at as the first of a new one."""
    payload = (
        _NFGENMSG.pack(entry.family, 0, 0)
        + attribute(CTA_TUPLE_ORIG | NLA_F_NESTED, entry.original)
        + attribute(CTA_ID, entry.identity)
    )
    return Request(IPCTNL_MSG_CT_DELETE, 0, payload, "tracked connection")


def _entry(payload: bytes) -> Entry:
    family = payload[0]
    found = attributes(payload[_NFGENMSG.size :])
    original = found.get(CTA_TUPLE_ORIG, b"")
    halves = attributes(original)
    addresses = attributes(halves.get(CTA_TUPLE_IP, b""))
    ports = attributes(halves.get(CTA_TUPLE_PROTO, b""))
    raw = addresses.get(CTA_IP_V6_DST if family == socket.AF_INET6 else CTA_IP_V4_DST, b"")
    return Entry(
        family=family,
        protocol=int.from_bytes(ports.get(CTA_PROTO_NUM, b""), "big"),
        destination=socket.inet_ntop(family, raw) if raw else "",
        port=int.from_bytes(ports.get(CTA_PROTO_DST_PORT, b""), "big"),
        original=original,
        identity=found.get(CTA_ID, b""),
    )
