"""The packet filter as text: one table of ours, its rules fixed, its sets and maps changing.

Pure: makes nft scripts, runs none. A container costs no rule, only elements:

    bridges       our bridges                          pairs         each bridge with itself
    internal      bridges without a way outside        subnets*      addresses behind bridges
    masquerade*   subnets that go out under the host's address
    dnat*         bound address . protocol . port  ->  container address . port
    dnat*_any     protocol . port                  ->  container address . port

(* is 4 or 6.) Chains accept what concerns others and never speak for them: an accept here
does not overrule a drop in somebody else's table, nor is it meant to.
"""

from collections.abc import Iterable
from typing import NamedTuple


class BridgeRule(NamedTuple):
    """What the filter knows of one bridge network."""

    device: str
    subnets: tuple[str, ...]
    internal: bool = False
    masquerade: bool = True


class PortRule(NamedTuple):
    """One open port: from a host address ("" for every local one) to a container."""

    protocol: str
    host_ip: str
    host_port: int
    address: str
    container_port: int


_SETS = """\
  set bridges { type ifname; }
  set internal { type ifname; }
  set pairs { type ifname . ifname; }
  set subnets4 { type ipv4_addr; flags interval; }
  set subnets6 { type ipv6_addr; flags interval; }
  set masquerade4 { type ipv4_addr; flags interval; }
  set masquerade6 { type ipv6_addr; flags interval; }
  map dnat4 { type ipv4_addr . inet_proto . inet_service : ipv4_addr . inet_service; }
  map dnat4_any { type inet_proto . inet_service : ipv4_addr . inet_service; }
  map dnat6 { type ipv6_addr . inet_proto . inet_service : ipv6_addr . inet_service; }
  map dnat6_any { type inet_proto . inet_service : ipv6_addr . inet_service; }
"""

# Before everything: 127.0.0.0/8 is never on a wire (RFC 1122, 3.2.1.3). Without this, ports
# published on 127.0.0.1 could be reached by neighbours who route that address to us, because
# DNAT comes before the kernel's own martian check; and route_localnet, which loopback DNAT
# needs on our bridges, would let containers reach services on the host's 127.0.0.1.
_GUARD = """\
  chain guard {
    type filter hook prerouting priority raw; policy accept;
    iifname != "lo" ip daddr 127.0.0.0/8 drop
  }
"""

_PORTS = """\
  chain ports {
    dnat ip to ip daddr . meta l4proto . th dport map @dnat4
    dnat ip6 to ip6 daddr . meta l4proto . th dport map @dnat6
    fib daddr type != local return
    meta nfproto ipv4 dnat ip to meta l4proto . th dport map @dnat4_any
    meta nfproto ipv6 ip6 daddr != ::1 dnat ip6 to meta l4proto . th dport map @dnat6_any
  }
  chain prerouting {
    type nat hook prerouting priority dstnat; policy accept;
    jump ports
  }
  chain output {
    type nat hook output priority -100; policy accept;
    jump ports
  }
"""

# Answers must come back through us wherever we sent the question on: to our own 127.0.0.1,
# and to a container that asked for a published port of its own bridge (hairpin), which would
# otherwise be answered directly, from an address it never spoke to.
_POSTROUTING = """\
  chain postrouting {
    type nat hook postrouting priority srcnat; policy accept;
    oifname @bridges ip saddr 127.0.0.0/8 masquerade
    oifname @bridges ip saddr @subnets4 ct status dnat masquerade
    oifname @bridges ip6 saddr @subnets6 ct status dnat masquerade
    oifname != @bridges ip saddr @masquerade4 masquerade
    oifname != @bridges ip6 saddr @masquerade6 masquerade
  }
"""

_FORWARD = """\
  chain forward {
    type filter hook forward priority filter; policy accept;
    iifname != @bridges oifname != @bridges accept
    ct state established,related accept
    iifname . oifname @pairs accept
    iifname @internal drop
    oifname @internal drop
    oifname @bridges ct status dnat accept
    iifname @bridges oifname != @bridges accept
    drop
  }
"""


# How many rules a table has that nobody tampered with.
RULES = sum(
    part.count("\n    ") - part.count("    type ")
    for part in (_GUARD, _PORTS, _POSTROUTING, _FORWARD)
)


def table_name(device: str) -> str:
    """Return the name of the table of the daemon whose default bridge this is."""
    return "sampan_" + "".join(c if c.isalnum() else "_" for c in device)


def ruleset(table: str, bridges: Iterable[BridgeRule], ports: Iterable[PortRule]) -> str:
    """Return the whole table as one transaction that replaces whatever was there."""
    body = _SETS + _GUARD + _PORTS + _POSTROUTING + _FORWARD
    lines = [
        f"add table inet {table}",
        f"delete table inet {table}",
        f"table inet {table} {{\n{body}}}",
    ]
    lines += [add_bridge(table, bridge) for bridge in bridges]
    lines.append(open_ports(table, ports))
    return "\n".join(line for line in lines if line)


def drop_table(table: str) -> str:
    """Return the commands that remove the table, whether it is there or not."""
    return f"add table inet {table}\ndelete table inet {table}"


def add_bridge(table: str, bridge: BridgeRule) -> str:
    """Return the commands that make a bridge known."""
    return "\n".join(f"add element inet {table} {part}" for part in _elements(bridge))


def remove_bridge(table: str, bridge: BridgeRule) -> str:
    """Return the commands that forget a bridge."""
    return "\n".join(f"delete element inet {table} {part}" for part in _elements(bridge))


def open_ports(table: str, ports: Iterable[PortRule]) -> str:
    """Return the commands that open ports."""
    return _change("add", table, ports)


def close_ports(table: str, ports: Iterable[PortRule]) -> str:
    """Return the commands that close ports."""
    return _change("delete", table, ports)


def _change(verb: str, table: str, ports: Iterable[PortRule]) -> str:
    by_map: dict[str, list[str]] = {}
    for port in ports:
        element = f"{_key(port)} : {_value(port)}"
        by_map.setdefault(_map(port), []).append(element)
    return "\n".join(
        f"{verb} element inet {table} {name} {{ {', '.join(elements)} }}"
        for name, elements in by_map.items()
    )


def _elements(bridge: BridgeRule) -> list[str]:
    name = f'"{bridge.device}"'
    found = [f"bridges {{ {name} }}", f"pairs {{ {name} . {name} }}"]
    if bridge.internal:
        found.append(f"internal {{ {name} }}")
    for subnet in bridge.subnets:
        version = 6 if ":" in subnet else 4
        found.append(f"subnets{version} {{ {subnet} }}")
        if bridge.masquerade and not bridge.internal:
            found.append(f"masquerade{version} {{ {subnet} }}")
    return found


def _map(port: PortRule) -> str:
    version = 6 if ":" in port.address else 4
    return f"dnat{version}" if port.host_ip else f"dnat{version}_any"


def _key(port: PortRule) -> str:
    key = f"{port.protocol} . {port.host_port}"
    return f"{port.host_ip} . {key}" if port.host_ip else key


def _value(port: PortRule) -> str:
    return f"{port.address} . {port.container_port}"
