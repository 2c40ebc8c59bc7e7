"""Links: RTM_NEWLINK, RTM_DELLINK, RTM_GETLINK, RTM_SETLINK (rtnetlink(7)).

Header: ifinfomsg  u8 family, u8 pad, u16 type, s32 index, u32 flags, u32 change

Functions return requests to send; only list_links and get_link speak to a socket.
"""

import struct
import sys
from typing import NamedTuple

from sampan.linux.netlink.message import (
    NLM_F_CREATE,
    NLM_F_EXCL,
    Request,
    attribute,
    attributes,
    nested,
    text,
    u8,
    u32,
)
from sampan.linux.netlink.socket import Netlink

RTM_NEWLINK = 16
RTM_DELLINK = 17
RTM_GETLINK = 18
RTM_SETLINK = 19

AF_BRIDGE = 7

IFLA_ADDRESS = 1
IFLA_IFNAME = 3
IFLA_MTU = 4
IFLA_MASTER = 10
IFLA_PROTINFO = 12
IFLA_LINKINFO = 18
IFLA_IFALIAS = 20
IFLA_NET_NS_FD = 28
IFLA_EXT_MASK = 29
IFLA_NUM_TX_QUEUES = 31
IFLA_NUM_RX_QUEUES = 32
IFLA_INFO_KIND = 1
IFLA_INFO_DATA = 2
VETH_INFO_PEER = 1

IFLA_BRPORT_STATE = 1
IFLA_BRPORT_MODE = 4  # hairpin
IFLA_BRPORT_ISOLATED = 33

BR_STATE_DISABLED = 0

RTEXT_FILTER_SKIP_STATS = 1 << 3

IFF_UP = 0x1

_IFINFO = struct.Struct("=BxHiII")


class Link(NamedTuple):
    """One link as the kernel lists it."""

    ifindex: int
    name: str
    kind: str  # bridge, veth, ...; "" for physical ones
    mac: str
    mtu: int
    master: int
    up: bool
    alias: str  # free text for people (ip link show)


def add_bridge(name: str, mac: str, mtu: int = 0) -> Request:
    """Make a bridge, down and without an address."""
    parts = [text(IFLA_IFNAME, name), attribute(IFLA_ADDRESS, mac_bytes(mac))]
    if mtu:
        parts.append(u32(IFLA_MTU, mtu))
    parts.append(nested(IFLA_LINKINFO, text(IFLA_INFO_KIND, "bridge")))
    return Request(RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, _info() + b"".join(parts), name)


def add_veth(
    name: str, *, peer: str, peer_mac: str, peer_netns: int, master: int, mtu: int = 0
) -> Request:
    """Make a pair of links in one call: `name` here, up and in a bridge, `peer` in a namespace.

    The peer is born inside the namespace (a descriptor) with its name and MAC; it is left
    down, so that its sysctls can be set before it speaks.
    """
    # One queue each way. The kernel's own choice is one per possible CPU, each with an entry
    # in sysfs to make and to remove; a veth without a queueing discipline has no use for them.
    queues = u32(IFLA_NUM_TX_QUEUES, 1) + u32(IFLA_NUM_RX_QUEUES, 1)
    ours = [text(IFLA_IFNAME, name), u32(IFLA_MASTER, master), queues]
    theirs = [
        text(IFLA_IFNAME, peer),
        attribute(IFLA_ADDRESS, mac_bytes(peer_mac)),
        u32(IFLA_NET_NS_FD, peer_netns),
        queues,
    ]
    if mtu:
        ours.append(u32(IFLA_MTU, mtu))
        theirs.append(u32(IFLA_MTU, mtu))
    ours.append(
        nested(
            IFLA_LINKINFO,
            text(IFLA_INFO_KIND, "veth"),
            nested(IFLA_INFO_DATA, nested(VETH_INFO_PEER, _info(), *theirs)),
        )
    )
    payload = _info(flags=IFF_UP, change=IFF_UP) + b"".join(ours)
    return Request(RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, payload, name)


def set_up(name: str) -> Request:
    """Bring a link up."""
    return Request(
        RTM_NEWLINK, 0, _info(flags=IFF_UP, change=IFF_UP) + text(IFLA_IFNAME, name), name
    )


def set_down(name: str) -> Request:
    """Take a link down."""
    return Request(RTM_NEWLINK, 0, _info(change=IFF_UP) + text(IFLA_IFNAME, name), name)


def set_mtu(name: str, mtu: int) -> Request:
    """Set a link's MTU."""
    return Request(RTM_NEWLINK, 0, _info() + text(IFLA_IFNAME, name) + u32(IFLA_MTU, mtu), name)


def set_mac(name: str, mac: str) -> Request:
    """Set a link's hardware address."""
    payload = _info() + text(IFLA_IFNAME, name) + attribute(IFLA_ADDRESS, mac_bytes(mac))
    return Request(RTM_NEWLINK, 0, payload, name)


def set_name(index: int, name: str) -> Request:
    """Rename a link."""
    return Request(RTM_NEWLINK, 0, _info(index=index) + text(IFLA_IFNAME, name), name)


def set_alias(name: str, alias: str) -> Request:
    """Leave a note on a link."""
    payload = _info() + text(IFLA_IFNAME, name) + text(IFLA_IFALIAS, alias)
    return Request(RTM_NEWLINK, 0, payload, name)


def set_master(name: str, master: int) -> Request:
    """Put a link into a bridge (its index), or take it out (0)."""
    payload = _info() + text(IFLA_IFNAME, name) + u32(IFLA_MASTER, master)
    return Request(RTM_NEWLINK, 0, payload, name)


def set_bridge_port(index: int, *, hairpin: bool, isolated: bool) -> Request:
    """Say how a bridge treats one of its ports (the link's index).

    hairpin: frames may leave through the port they came from. isolated: none to or from
    other isolated ports, while the bridge itself stays reachable.
    """
    return _bridge_port(
        index, u8(IFLA_BRPORT_MODE, hairpin) + u8(IFLA_BRPORT_ISOLATED, isolated)
    )


def disable_bridge_port(index: int) -> Request:
    """Stop a bridge from passing anything to or from a port."""
    return _bridge_port(index, u8(IFLA_BRPORT_STATE, BR_STATE_DISABLED))


def settle(index: int) -> Request:
    """Make a link whose carrier has just come ready to send, before the answer arrives.

    A carrier takes effect (queue activated, bridge port forwarding) when the kernel's deferred
    link watch gets round to it, up to a second later, and what is sent meanwhile is lost.
    Asking for the link makes the kernel do it now (rtnl_getlink calls linkwatch_sync_dev since
    Linux 6.8); older ones answer and take their time.
    """
    payload = _info(index=index) + u32(IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS)
    return Request(RTM_GETLINK, 0, payload, f"link {index}")


def delete(name: str) -> Request:
    """Delete a link."""
    return Request(RTM_DELLINK, 0, _info() + text(IFLA_IFNAME, name), name)


def list_links(netlink: Netlink) -> list[Link]:
    """Return every link of the socket's namespace."""
    return [_link(reply.payload) for reply in netlink.dump(Request(RTM_GETLINK, 0, _info()))]


def get_link(netlink: Netlink, name: str) -> Link:
    """Return one link; OSError(ENODEV) when there is none of that name."""
    request = Request(RTM_GETLINK, 0, _info() + text(IFLA_IFNAME, name), name)
    return _link(netlink.get(request).payload)


def mac_bytes(mac: str) -> bytes:
    """Turn 02:42:ac:11:00:02 into six bytes."""
    return bytes.fromhex(mac.replace(":", ""))


def _info(index: int = 0, flags: int = 0, change: int = 0, family: int = 0) -> bytes:
    return _IFINFO.pack(family, 0, index, flags, change)


def _bridge_port(index: int, data: bytes) -> Request:
    # As the bridge family's own message. Through IFLA_INFO_SLAVE_DATA the state is set too, but
    # the notification that follows makes the bridge look at the link and put a disabled port
    # back to work (br_port_carrier_check in net/bridge/br_if.c).
    payload = _info(index=index, family=AF_BRIDGE) + nested(IFLA_PROTINFO, data)
    return Request(RTM_SETLINK, 0, payload, f"link {index}")


def _link(payload: bytes) -> Link:
    _family, _type, index, flags, _change = _IFINFO.unpack_from(payload)
    found = attributes(payload[_IFINFO.size :])
    info = attributes(found.get(IFLA_LINKINFO, b""))
    return Link(
        ifindex=index,
        name=_word(found.get(IFLA_IFNAME, b"")),
        kind=_word(info.get(IFLA_INFO_KIND, b"")),
        mac=found.get(IFLA_ADDRESS, b"").hex(":"),
        mtu=int.from_bytes(found.get(IFLA_MTU, b""), sys.byteorder),
        master=int.from_bytes(found.get(IFLA_MASTER, b""), sys.byteorder),
        up=bool(flags & IFF_UP),
        alias=_word(found.get(IFLA_IFALIAS, b"")),
    )


def _word(value: bytes) -> str:
    return value.rstrip(b"\0").decode(errors="replace")
