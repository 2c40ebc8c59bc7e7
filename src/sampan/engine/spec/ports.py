"""Ports as users write them: exposed, published, published all. Pure."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from sampan.errors import InvalidRequest
from sampan.schema.host_config import HostConfig, PortBinding

PROTOCOLS = ("tcp", "udp", "sctp")


class Published(NamedTuple):
    """One wish to publish: a host port, a range of which one is taken, or any (0)."""

    protocol: str
    container_port: int
    host_ip: str
    host_port: int
    host_port_end: int


def parse(text: str) -> list[tuple[int, str]]:
    """Read `80`, `80/tcp` or `8000-8010/udp`."""
    ports, _, protocol = text.partition("/")
    protocol = (protocol or "tcp").lower()
    if protocol not in PROTOCOLS:
        raise InvalidRequest(f"invalid proto: {protocol}")
    first, last = parse_range(ports)
    if not first:
        raise InvalidRequest(f'invalid port specification: "{text}"')
    return [(port, protocol) for port in range(first, last + 1)]


def parse_range(text: str) -> tuple[int, int]:
    """Read `80` or `8000-8010`; empty is (0, 0)."""
    if not text:
        return 0, 0
    low, separator, high = text.partition("-")
    if not (low.isdecimal() and (high.isdecimal() or not separator)):
        raise InvalidRequest(f'invalid port specification: "{text}"')
    first, last = int(low), int(high or low)
    if not 0 <= first <= last <= 65535:
        raise InvalidRequest(f'invalid port specification: "{text}"')
    return first, last


def key(port: int, protocol: str) -> str:
    """Spell a port as Docker's maps do: 80/tcp."""
    return f"{port}/{protocol}"


def exposed(
    config: Mapping[str, Any] | None, bindings: Mapping[str, Any] | None
) -> dict[str, dict[str, Any] | None] | None:
    """Return all exposed ports, one key each; a published port is an exposed one."""
    found: dict[str, dict[str, Any] | None] = {}
    for text in (*(config or ()), *(bindings or ())):
        for port, protocol in parse(text):
            found[key(port, protocol)] = {}
    return found or None


def published(host: HostConfig, exposed_ports: Mapping[str, Any] | None) -> list[Published]:
    """Return what is to be published, `-P` included. Ports must be valid already."""
    wishes: dict[str, list[PortBinding] | None] = dict(host.port_bindings or {})
    if host.publish_all_ports:
        for text in exposed_ports or ():
            if not wishes.get(text):
                wishes[text] = [PortBinding()]
    found = []
    for text, bindings in wishes.items():
        for port, protocol in parse(text):
            for binding in bindings or [PortBinding()]:
                first, last = parse_range(binding.host_port)
                end = last if last != first else 0
                found.append(Published(protocol, port, binding.host_ip, first, end))
    return found


def check(host: HostConfig, exposed_ports: Mapping[str, Any] | None) -> None:
    """Refuse ports that are none, with Docker's words."""
    for text in exposed_ports or ():
        parse(text)
    for text, bindings in (host.port_bindings or {}).items():
        parse(text)
        for binding in bindings or ():
            parse_range(binding.host_port)
            _check_address(binding.host_ip)


def _check_address(text: str) -> None:
    if not text:
        return
    version6 = ":" in text
    parts = text.split(".")
    valid4 = len(parts) == 4 and all(part.isdecimal() and int(part) < 256 for part in parts)
    if not version6 and not valid4:
        raise InvalidRequest(f"invalid IP address: {text}")


def document(
    exposed_ports: Mapping[str, Any] | None, opened: list[Published]
) -> dict[str, list[PortBinding] | None]:
    """Return NetworkSettings.Ports: every exposed port, with where it is open."""
    found: dict[str, list[PortBinding] | None] = dict.fromkeys(exposed_ports or ())
    for each in opened:
        where = found.get(key(each.container_port, each.protocol)) or []
        where.append(PortBinding(host_ip=each.host_ip, host_port=str(each.host_port)))
        found[key(each.container_port, each.protocol)] = where
    return found
