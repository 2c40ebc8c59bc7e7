"""Neighbours (ARP and ND entries): RTM_DELNEIGH (rtnetlink(7)).

Header: ndmsg  u8 family, u8 pad, u16 pad, s32 link index, u16 state, u8 flags, u8 type
"""

import socket
import struct

from sampan.linux.netlink.message import Request, attribute

RTM_DELNEIGH = 29
NDA_DST = 1

_NDMSG = struct.Struct("=BxHiHBB")


def delete_neighbour(index: int, address: str) -> Request:
    """Forget which hardware address answers for an address; OSError(ENOENT) when unknown."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    raw = socket.inet_pton(family, address)
    payload = _NDMSG.pack(family, 0, index, 0, 0, 0) + attribute(NDA_DST, raw)
    return Request(RTM_DELNEIGH, 0, payload, address)
