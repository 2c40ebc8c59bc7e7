"""What the daemon's settings say about networks. Names follow dockerd's options."""

from typing import NamedTuple


class AddressPool(NamedTuple):
    """Where subnets of new networks are cut from: base, and prefix length of each cut."""

    base: str
    size: int


# Docker's own (moby libnetwork/ipamutils), so that networks land where people expect them.
DEFAULT_POOLS = (
    AddressPool("172.17.0.0/16", 16),
    AddressPool("172.18.0.0/16", 16),
    AddressPool("172.19.0.0/16", 16),
    AddressPool("172.20.0.0/14", 16),
    AddressPool("172.24.0.0/14", 16),
    AddressPool("172.28.0.0/14", 16),
    AddressPool("192.168.0.0/16", 20),
)


class NetworkOptions(NamedTuple):
    """Settings of the network room; every one has dockerd's default but the bridge's name."""

    bridge: str = "sampan0"  # --bridge; "none" switches the default bridge off
    bip: str = ""  # --bip: address and prefix of the default bridge
    bip6: str = ""  # --bip6
    fixed_cidr: str = ""  # --fixed-cidr: where the default bridge's containers get theirs
    fixed_cidr_v6: str = ""  # --fixed-cidr-v6
    default_gateway: str = ""  # --default-gateway
    default_gateway_v6: str = ""  # --default-gateway-v6
    mtu: int = 0  # --mtu; 0 leaves the kernel's 1500
    icc: bool = True  # --icc: containers of the default bridge may talk to each other
    ip: str = ""  # --ip: default address of published ports
    ip_forward: bool = True  # --ip-forward
    ip_masq: bool = True  # --ip-masq
    iptables: bool = True  # --iptables: any packet filter rules at all
    ip6tables: bool = True  # --ip6tables
    ipv6: bool = False  # --ipv6: addresses of both kinds on the default bridge
    userland_proxy: bool = True  # --userland-proxy
    default_address_pools: tuple[AddressPool, ...] = ()  # --default-address-pool
