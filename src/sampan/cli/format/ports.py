"""The PORTS column of `ps`: ports published or exposed, neighbours joined to ranges. Pure."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    Port = dict[str, Any]


def ports(found: Iterable[Port]) -> str:
    """Return `0.0.0.0:8080->80/tcp, 443/tcp`, in Docker's order."""
    groups: dict[str, tuple[int, int]] = {}
    single: list[str] = []
    texts: list[str] = []
    for port in sorted(found or (), key=_order):
        key = port["Type"]
        if port.get("IP"):
            if port.get("PublicPort") != port["PrivatePort"]:
                single.append(_mapped(port))
                continue
            key = f"{port['IP']}/{key}"
        number = port["PrivatePort"]
        first, last = groups.get(key, (number, number - 1))
        if number == last + 1:
            groups[key] = (first, number)
        elif number > last:
            texts.append(_group(key, first, last))
            groups[key] = (number, number)
    texts += [_group(key, *span) for key, span in sorted(groups.items(), key=_by_type)]
    return ", ".join(texts + single)


def _order(port: Port) -> tuple[Any, ...]:
    return (
        port["PrivatePort"],
        port.get("IP", ""),
        port.get("PublicPort", 0),
        port["Type"],
    )


def _by_type(item: tuple[str, tuple[int, int]]) -> tuple[int, str, str]:
    key, (first, _) = item
    return first, key.rpartition("/")[2], key


def _mapped(port: Port) -> str:
    address = port["IP"]
    if ":" in address:
        address = f"[{address}]"
    return f"{address}:{port['PublicPort']}->{port['PrivatePort']}/{port['Type']}"


def _group(key: str, first: int, last: int) -> str:
    address, _, protocol = key.rpartition("/")
    span = str(first) if first == last else f"{first}-{last}"
    if not address:
        return f"{span}/{protocol}"
    if ":" in address:
        address = f"[{address}]"
    return f"{address}:{span}->{span}/{protocol}"
