"""The texts of a container's /etc/hosts and /etc/resolv.conf. Pure: reads and writes no file.

Docker's rules (moby, libnetwork/resolvconf and etchosts): the host's name servers are passed
on except loopback ones, which would be the container's own; what the user gives replaces the
host's kind by kind.
"""

from collections.abc import Iterable, Sequence
from ipaddress import ip_address
from typing import NamedTuple

from sampan.errors import InvalidRequest

HOST_RESOLV_CONF = "/etc/resolv.conf"
# Where systemd-resolved lists the servers behind its local stub.
RESOLVED_RESOLV_CONF = "/run/systemd/resolve/resolv.conf"
HOST_GATEWAY = "host-gateway"

_STUB = "127.0.0.53"
# Docker's last resort, when the host has no name server that a container could reach.
_LAST_RESORT = ("8.8.8.8", "8.8.4.4")
_LAST_RESORT6 = ("2001:4860:4860::8888", "2001:4860:4860::8844")

_DEFAULT_HOSTS = (
    ("127.0.0.1", "localhost"),
    ("::1", "localhost ip6-localhost ip6-loopback"),
    ("fe00::", "ip6-localnet"),
    ("ff00::", "ip6-mcastprefix"),
    ("ff02::1", "ip6-allnodes"),
    ("ff02::2", "ip6-allrouters"),
)


class Resolver(NamedTuple):
    """What a resolv.conf says."""

    servers: tuple[str, ...] = ()
    search: tuple[str, ...] = ()
    options: tuple[str, ...] = ()


def parse_resolv_conf(text: str) -> Resolver:
    """Read a resolv.conf (resolv.conf(5)): of search and domain the last one counts."""
    servers: list[str] = []
    search: Sequence[str] = ()
    options: list[str] = []
    for line in text.splitlines():
        words = line.partition("#")[0].partition(";")[0].split()
        if len(words) < 2:
            continue
        if words[0] == "nameserver":
            servers.append(words[1])
        elif words[0] in {"search", "domain"}:
            search = words[1:]
        elif words[0] == "options":
            options += words[1:]
    return Resolver(tuple(servers), tuple(search), tuple(options))


def is_stub(text: str) -> bool:
    """Whether a resolv.conf names nothing but systemd-resolved's stub.

    Then RESOLVED_RESOLV_CONF has the servers that containers can reach.
    """
    return parse_resolv_conf(text).servers == (_STUB,)


def resolv_conf(
    host: str,
    *,
    dns: Sequence[str] = (),
    search: Sequence[str] = (),
    options: Sequence[str] = (),
    host_network: bool = False,
    ipv6: bool = False,
) -> str:
    """Return a container's resolv.conf from the host's text and what the user gave.

    A search list of "." alone means none. On the host's network its servers are all good.
    """
    found = parse_resolv_conf(host)
    inherited = found.servers if host_network else _reachable(found.servers, ipv6=ipv6)
    search = search or found.search
    lines = [f"nameserver {server}" for server in dns or inherited]
    if search and list(search) != ["."]:
        lines.append(f"search {' '.join(search)}")
    if options or found.options:
        lines.append(f"options {' '.join(options or found.options)}")
    return "".join(f"{line}\n" for line in lines)


def hosts_file(
    hostname: str,
    domainname: str = "",
    addresses: Iterable[str] = (),
    extra: Iterable[tuple[str, str]] = (),
    base: str | None = None,
) -> str:
    """Return a container's /etc/hosts.

    addresses are the container's own, extra the (address, names) pairs the user gave. base
    takes the place of the usual first lines (the host's own file, on the host network).
    """
    if base is None:
        lines = [f"{address}\t{names}" for address, names in _DEFAULT_HOSTS]
    else:
        lines = base.rstrip("\n").split("\n")
    lines += [f"{address}\t{names}" for address, names in extra]
    own = f"{hostname}.{domainname} {hostname}" if domainname else hostname
    lines += [f"{address}\t{own}" for address in addresses if address]
    return "".join(f"{line}\n" for line in lines)


def extra_host(text: str, gateways: Sequence[str]) -> list[tuple[str, str]]:
    """Read one `--add-host`, "name:address" or "name=address"; return (address, name) pairs.

    The address host-gateway stands for the host as containers see it, which may be two.
    """
    separator = "=" if "=" in text else ":"
    name, found, address = text.partition(separator)
    address = address.strip("[]") if address.startswith("[") else address
    if not found or not name or any(letter.isspace() for letter in text):
        raise InvalidRequest(f"bad format for add-host: {text!r}")
    if address == HOST_GATEWAY:
        if not gateways:
            raise InvalidRequest(
                "unable to derive the IP value for host-gateway: there is no default bridge"
            )
        return [(gateway, name) for gateway in gateways]
    try:
        ip_address(address)
    except ValueError as error:
        raise InvalidRequest(f"invalid IP address in add-host: {address!r}") from error
    return [(address, name)]


def _reachable(servers: Iterable[str], *, ipv6: bool) -> Sequence[str]:
    kept = []
    for server in servers:
        try:
            address = ip_address(server.partition("%")[0])
        except ValueError:
            continue
        # A link-local server (fe80::1%eth0) is reached through an interface only the host has.
        if address.is_loopback or (address.version == 6 and (not ipv6 or "%" in server)):
            continue
        kept.append(server)
    if kept:
        return kept
    return (*_LAST_RESORT, *_LAST_RESORT6) if ipv6 else _LAST_RESORT
