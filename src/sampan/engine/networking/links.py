"""`--link name:alias`: the environment and the hosts lines of the old kind of link. Pure."""

from collections.abc import Iterable
from typing import NamedTuple


class Linked(NamedTuple):
    """The other side of one link, running."""

    alias: str
    name: str
    container_id: str
    hostname: str
    address: str
    ports: list[str]  # exposed, 5432/tcp
    env: list[str]  # of its config


def parse(text: str) -> tuple[str, str]:
    """Read `name:alias`, `name` or `/name:/me/alias`."""
    name, _, alias = text.partition(":")
    name = name.removeprefix("/")
    return name, alias.rpartition("/")[2] or name


def environment(own_name: str, links: Iterable[Linked]) -> list[str]:
    """Return Docker's words about each linked container."""
    words = []
    for link in links:
        prefix = link.alias.replace("-", "_").upper()
        words.append(f"{prefix}_NAME=/{own_name}/{link.alias}")
        ports = sorted(link.ports, key=_order)
        if ports:
            number, _, protocol = ports[0].partition("/")
            words.append(f"{prefix}_PORT={protocol}://{link.address}:{number}")
        for port in ports:
            number, _, protocol = port.partition("/")
            start = f"{prefix}_PORT_{number}_{protocol.upper()}"
            words += [
                f"{start}={protocol}://{link.address}:{number}",
                f"{start}_ADDR={link.address}",
                f"{start}_PORT={number}",
                f"{start}_PROTO={protocol}",
            ]
        for word in link.env:
            name, _, value = word.partition("=")
            if name not in {"HOME", "PATH"}:
                words.append(f"{prefix}_ENV_{name}={value}")
    return words


def _order(port: str) -> tuple[bool, int]:
    number, _, protocol = port.partition("/")
    return protocol != "tcp", int(number)


def hosts(links: Iterable[Linked]) -> list[tuple[str, list[str]]]:
    """Return the hosts lines: address, and the names it goes by."""
    found = []
    for link in links:
        names = [link.alias, link.hostname, link.name]
        found.append((link.address, list(dict.fromkeys(names))))
    return found
