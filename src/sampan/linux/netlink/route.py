"""Routes: RTM_NEWROUTE, RTM_DELROUTE, RTM_GETROUTE (rtnetlink(7)).

Header: rtmsg  u8 family, u8 dst len, u8 src len, u8 tos, u8 table, u8 protocol, u8 scope,
u8 type, u32 flags
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

RTM_NEWROUTE = 24
RTM_DELROUTE = 25
RTM_GETROUTE = 26

RTA_DST = 1
RTA_OIF = 4
RTA_GATEWAY = 5
RTA_PREFSRC = 7

RT_TABLE_MAIN = 254
RTPROT_BOOT = 3
RT_SCOPE_UNIVERSE = 0
RT_SCOPE_LINK = 253
RTN_UNICAST = 1

_RTMSG = struct.Struct("=BBBBBBBBI")
_FAMILIES = {4: socket.AF_INET, 16: socket.AF_INET6}


class Route(NamedTuple):
    """One route of the main table."""

    destination: str  # "172.17.0.0/16"; "0.0.0.0/0" or "::/0" for a default route
    gateway: str
    ifindex: int
    source: str  # preferred source address


def add_route(destination: str, *, index: int, gateway: str = "") -> Request:
    """Add a route through a gateway, or to the link itself; one that is there is replaced."""
    return Request(
        RTM_NEWROUTE, NLM_F_CREATE | NLM_F_REPLACE, _payload(destination, index, gateway),
        destination,
    )


def default_routes(index: int, gateway: str, gateway6: str) -> list[Request]:
    """Return the requests that lead everything out through these gateways; "" is left out."""
    found = []
    if gateway:
        found.append(add_route("0.0.0.0/0", index=index, gateway=gateway))
    if gateway6:
        found.append(add_route("::/0", index=index, gateway=gateway6))
    return found


def delete_route(destination: str, *, index: int, gateway: str = "") -> Request:
    """Delete a route."""
    return Request(RTM_DELROUTE, 0, _payload(destination, index, gateway), destination)


def list_routes(netlink: Netlink) -> list[Route]:
    """Return the main table's routes of both families."""
    found = []
    for family in (socket.AF_INET, socket.AF_INET6):
        request = Request(RTM_GETROUTE, 0, _RTMSG.pack(family, 0, 0, 0, 0, 0, 0, 0, 0))
        for reply in netlink.dump(request):
            table, kind = reply.payload[4], reply.payload[7]
            if table == RT_TABLE_MAIN and kind == RTN_UNICAST:
                found.append(_route(reply.payload))
    return found


def get_route(netlink: Netlink, address: str) -> Route:
    """Return the route the kernel would take to an address; OSError(ENETUNREACH) for none."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    raw = socket.inet_pton(family, address)
    header = _RTMSG.pack(family, len(raw) * 8, 0, 0, 0, 0, 0, 0, 0)
    request = Request(RTM_GETROUTE, 0, header + attribute(RTA_DST, raw), address)
    return _route(netlink.get(request).payload)


def _payload(destination: str, index: int, gateway: str) -> bytes:
    network, _, prefix = destination.partition("/")
    family = socket.AF_INET6 if ":" in network else socket.AF_INET
    length = int(prefix) if prefix else (128 if family == socket.AF_INET6 else 32)
    scope = RT_SCOPE_UNIVERSE if gateway else RT_SCOPE_LINK
    parts = [u32(RTA_OIF, index)]
    if length:
        parts.append(attribute(RTA_DST, socket.inet_pton(family, network)))
    if gateway:
        parts.append(attribute(RTA_GATEWAY, socket.inet_pton(family, gateway)))
    header = _RTMSG.pack(
        family, length, 0, 0, RT_TABLE_MAIN, RTPROT_BOOT, scope, RTN_UNICAST, 0
    )
    return header + b"".join(parts)


def _route(payload: bytes) -> Route:
    family, length = payload[0], payload[1]
    values = attributes(payload[_RTMSG.size :])
    any_address = "::" if family == socket.AF_INET6 else "0.0.0.0"  # noqa: S104 - a text
    raw = values.get(RTA_DST)
    return Route(
        destination=f"{socket.inet_ntop(family, raw) if raw else any_address}/{length}",
        gateway=_address(values.get(RTA_GATEWAY)),
        ifindex=struct.unpack("=I", values[RTA_OIF])[0] if RTA_OIF in values else 0,
        source=_address(values.get(RTA_PREFSRC)),
    )


def _address(raw: bytes | None) -> str:
    return socket.inet_ntop(_FAMILIES[len(raw)], raw) if raw else ""
