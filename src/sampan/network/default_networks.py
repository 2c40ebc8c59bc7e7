"""The networks every daemon has: bridge, host and none. What the bridge's record should say.

Mostly deciding: only find_bridge_address looks at the host, and nothing here changes it.
"""

import errno
from collections.abc import Sequence

from sampan.base import clock
from sampan.base.ids import new_id
from sampan.linux.netlink import address, link, route
from sampan.linux.netlink.socket import Netlink
from sampan.network import bridge_options, ipam
from sampan.network.options import DEFAULT_POOLS, AddressPool, NetworkOptions
from sampan.state.networks import Network, Pool

BRIDGE = "bridge"
HOST = "host"
NONE = "none"
NAMES = (BRIDGE, HOST, NONE)


def fixed(name: str) -> Network:
    """Return a fresh record of host or none."""
    driver = "null" if name == NONE else name
    return Network(id=new_id(), name=name, created=clock.now(), driver=driver)


def bridge(known: Network | None, options: NetworkOptions, pools: list[Pool]) -> Network:
    """Return the record of the default bridge: the known one brought up to date, or a new one."""
    network = known or Network(id=new_id(), name=BRIDGE, created=clock.now(), driver="bridge")
    network.device = options.bridge
    network.ipv6 = any(":" in pool.subnet for pool in pools)
    network.pools = pools
    network.options = {
        bridge_options.DEFAULT: "true",
        bridge_options.ICC: _word(options.icc),
        bridge_options.MASQUERADE: _word(options.ip_masq),
        bridge_options.HOST_BINDING: options.ip or "0.0.0.0",  # noqa: S104
        bridge_options.NAME: options.bridge,
        bridge_options.MTU: str(options.mtu or 1500),
    }
    return network


def bridge_pools(
    known: Network | None,
    options: NetworkOptions,
    netlink: Netlink,
    taken: Sequence[str],
    cuts6: Sequence[AddressPool],
) -> list[Pool]:
    """Choose the default bridge's subnets.

    In this order: --bip; what the state remembers; the address of a bridge that is there
    already; the first default pool nobody on this host has a route to.
    """
    pools = [_pool4(known, options, netlink, taken)]
    if options.ipv6:
        pools.append(_pool6(known, options, [*taken, pools[0].subnet], cuts6))
    return pools


def host_subnets(netlink: Netlink, own_devices: set[str]) -> list[str]:
    """Return what this host has routes to, other than by devices of ours."""
    own = {found.ifindex for found in link.list_links(netlink) if found.name in own_devices}
    return [
        found.destination
        for found in route.list_routes(netlink)
        if found.ifindex not in own and not found.destination.endswith("/0")
    ]


def _pool4(
    known: Network | None, options: NetworkOptions, netlink: Netlink, taken: Sequence[str]
) -> Pool:
    remembered = next((p for p in known.pools if ":" not in p.subnet), None) if known else None
    if options.bip:
        interface = ipam.parse_interface(options.bip)
        pool = Pool(subnet=str(interface.network), gateway=str(interface.ip))
    elif remembered is not None:
        pool = remembered
    else:
        pool = _present(netlink, options.bridge) or Pool(
            subnet=str(ipam.free_subnet(cuts4(options), taken))
        )
    pool.ip_range = options.fixed_cidr
    pool.way_out = options.default_gateway
    return ipam.complete(pool)


def cuts4(options: NetworkOptions) -> list[AddressPool]:
    """Return where IPv4 subnets are cut from."""
    given = [cut for cut in options.default_address_pools if ":" not in cut.base]
    return given or list(DEFAULT_POOLS)


def _pool6(
    known: Network | None,
    options: NetworkOptions,
    taken: Sequence[str],
    cuts: Sequence[AddressPool],
) -> Pool:
    remembered = next((p for p in known.pools if ":" in p.subnet), None) if known else None
    pool = Pool(subnet="", way_out=options.default_gateway_v6)
    if options.bip6:
        interface = ipam.parse_interface(options.bip6)
        pool.subnet, pool.gateway = str(interface.network), str(interface.ip)
        pool.ip_range = options.fixed_cidr_v6
    elif options.fixed_cidr_v6:
        pool.subnet = str(ipam.parse_subnet(options.fixed_cidr_v6))
    elif remembered is not None:
        pool.subnet, pool.gateway = remembered.subnet, remembered.gateway
    else:
        pool.subnet = str(ipam.free_subnet(cuts, taken))
    return ipam.complete(pool)


def _present(netlink: Netlink, device: str) -> Pool | None:
    try:
        index = link.get_link(netlink, device).ifindex
    except OSError as error:
        if error.errno == errno.ENODEV:
            return None
        raise
    for found in address.list_addresses(netlink, index):
        if ":" not in found.address:
            interface = ipam.parse_interface(f"{found.address}/{found.prefix}")
            return Pool(subnet=str(interface.network), gateway=found.address)
    return None


def _word(value: object) -> str:
    return "true" if value else "false"
