"""The host's own network settings: forwarding switched on, and which ports are ephemeral."""

import os

from sampan.network import sysctl

_DEFAULT_PORTS = (32768, 60999)


def enable_ipv4_forwarding() -> None:
    """Let this host pass IPv4 packets on."""
    sysctl.write("ipv4/ip_forward", "1")


def enable_ipv6_forwarding() -> None:
    """Let this host pass IPv6 packets on, without it losing its own way out.

    A host that forwards ignores router advertisements, and with them loses its default route
    when the last one ends, unless accept_ra is 2 (ip-sysctl.rst).
    """
    if sysctl.read("ipv6/conf/all/forwarding") != "0":
        return
    for device in os.listdir(f"{sysctl.ROOT}/ipv6/conf"):
        if sysctl.read(f"ipv6/conf/{device}/accept_ra") == "1":
            sysctl.write(f"ipv6/conf/{device}/accept_ra", "2")
    sysctl.write("ipv6/conf/all/forwarding", "1")


def bridged_packets_are_filtered() -> bool:
    """Whether packets pass the IPv4 packet filter while being bridged; dockerd sets this."""
    return sysctl.read("bridge/bridge-nf-call-iptables") == "1"


def ephemeral_ports() -> tuple[int, int]:
    """Return first and last of the ports that are given to whoever asks for any."""
    parts = sysctl.read("ipv4/ip_local_port_range").split()
    return (int(parts[0]), int(parts[1])) if len(parts) == 2 else _DEFAULT_PORTS
