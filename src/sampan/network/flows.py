"""Forgetting tracked UDP flows of a published port when it opens or closes.

UDP has no end: as long as a client keeps sending from one port, the kernel keeps redirecting
its packets to where the first one went, which may be a container that is gone, or the host
itself when nobody had the port yet. TCP looks after itself.
"""

import errno
import logging
import socket
from collections.abc import Iterable

from sampan.linux.netlink import conntrack
from sampan.linux.netlink.socket import NETLINK_NETFILTER, Netlink

log = logging.getLogger(__name__)


def forget_udp(ports: Iterable[tuple[str, int]]) -> None:
    """Forget flows to these (host address, port); "0.0.0.0" and "::" stand for every address."""
    wanted = set(ports)
    try:
        with Netlink(NETLINK_NETFILTER) as netlink:
            for family, every in ((socket.AF_INET, "0.0.0.0"), (socket.AF_INET6, "::")):  # noqa: S104
                if any((":" in address) == (":" in every) for address, _ in wanted):
                    _forget(netlink, family, every, wanted)
    except OSError as error:
        # A kernel without ctnetlink: flows then end with their timeout, as without us.
        log.warning("cannot forget tracked UDP flows: %s", error)


def _forget(netlink: Netlink, family: int, every: str, wanted: set[tuple[str, int]]) -> None:
    requests = [
        conntrack.delete_entry(entry)
        for entry in conntrack.list_entries(netlink, family)
        if entry.protocol == socket.IPPROTO_UDP
        and ((entry.destination, entry.port) in wanted or (every, entry.port) in wanted)
    ]
    for request in requests:
        (error,) = netlink.attempt([request])
        if error is not None and error.errno != errno.ENOENT:
            raise error
