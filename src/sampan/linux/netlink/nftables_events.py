"""News of the packet filter: who changed tables and chains (nfnetlink, group NFTABLES).

Every change of the whole system comes by, ours too; is_structural tells those that may mean
"somebody flushed a table" or "somebody set a chain's policy" from the many that only move
elements and rules about.
"""

from collections.abc import Iterable

from sampan.linux.netlink.message import Reply
from sampan.linux.netlink.socket import NETLINK_NETFILTER, Netlink

NFNLGRP_NFTABLES = 7
NFNL_SUBSYS_NFTABLES = 10

NFT_MSG_DELTABLE = 2
NFT_MSG_NEWCHAIN = 3
NFT_MSG_DELCHAIN = 5
NFT_MSG_DELRULE = 8

_STRUCTURAL = {
    (NFNL_SUBSYS_NFTABLES << 8) | message
    for message in (NFT_MSG_DELTABLE, NFT_MSG_NEWCHAIN, NFT_MSG_DELCHAIN, NFT_MSG_DELRULE)
}


def open_events() -> Netlink:
    """Return a socket that becomes readable when the packet filter of this namespace changes."""
    return Netlink(NETLINK_NETFILTER, 1 << (NFNLGRP_NFTABLES - 1))


def is_structural(news: Iterable[Reply]) -> bool:
    """Whether any of the messages removed a table, chain or rule, or made or changed a chain."""
    return any(message.kind in _STRUCTURAL for message in news)
