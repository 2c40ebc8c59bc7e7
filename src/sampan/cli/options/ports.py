"""-p, --expose: port words to ExposedPorts and PortBindings, by docker/go-connections' rules. Pure.

80   8080:80   127.0.0.1:8080:80   127.0.0.1::80   [::1]:80:80   8000-8010:8000-8010/udp
published=8080,target=80,protocol=tcp
"""

from __future__ import annotations

from sampan.cli.options.addresses import is_ip

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    Bindings = dict[str, list[dict[str, str]]]

PROTOCOLS = frozenset(("tcp", "udp", "sctp"))
LAST = 65535


def publish(words: Iterable[str]) -> tuple[dict[str, dict[str, str]], Bindings]:
    """Return what -p exposes and binds; ValueError in Docker's words."""
    exposed: dict[str, dict[str, str]] = {}
    bindings: Bindings = {}
    for word in words:
        for port, binding in _specification(_short(word)):
            exposed[port] = {}
            bindings.setdefault(port, []).append(binding)
    return exposed, bindings


def expose(words: Iterable[str]) -> dict[str, dict[str, str]]:
    """Return what --expose exposes; ValueError in Docker's words."""
    exposed: dict[str, dict[str, str]] = {}
    for word in words:
        if ":" in word:
            raise ValueError(f"invalid port format for --expose: {word}")
        number, protocol = _protocol(word)
        try:
            first, last = span(number)
        except ValueError as error:
            raise ValueError(f"invalid range format for --expose: {word}, error: {error}") from None
        exposed |= {f"{port}/{protocol}": {} for port in range(first, last + 1)}
    return exposed


def span(text: str) -> tuple[int, int]:
    """Read 80 or 80-90."""
    if not text:
        raise ValueError("empty string specified for ports")
    first, dash, last = text.partition("-")
    start = _number(first)
    end = _number(last) if dash else start
    if end < start:
        raise ValueError(f"invalid range specified for port: {text}")
    return start, end


def _short(word: str) -> str:
    """Turn the long form into the short one."""
    if "=" not in word:
        return word
    values = {"protocol": "tcp", "published": "", "target": ""}
    for field in word.split(","):
        key, equals, value = field.partition("=")
        if not equals or not value:
            raise ValueError(
                f"invalid publish opts format (should be name=value but got '{field}')"
            )
        values[key] = value
    return f"{values['published']}:{values['target']}/{values['protocol']}"


def _specification(word: str) -> list[tuple[str, dict[str, str]]]:
    address, host, container = _parts(word)
    number, protocol = _protocol(container)
    if not number:
        raise ValueError(f"no port specified: {word}<empty>")
    first, last = _checked("containerPort", number)
    if address and not is_ip(address):
        raise ValueError(f"invalid IP address: {address}")
    if not host:
        return [(f"{port}/{protocol}", _binding(address, "")) for port in range(first, last + 1)]
    start, end = _checked("hostPort", host)
    if end - start != last - first:
        # One port of the container may be given any port of a range.
        if first != last:
            raise ValueError(
                f"invalid ranges specified for container and host Ports: {container} and {host}"
            )
        return [(f"{first}/{protocol}", _binding(address, f"{start}-{end}"))]
    return [
        (f"{port}/{protocol}", _binding(address, str(start + port - first)))
        for port in range(first, last + 1)
    ]


def _binding(address: str, port: str) -> dict[str, str]:
    return {"HostIp": address, "HostPort": port}


def _checked(kind: str, text: str) -> tuple[int, int]:
    try:
        return span(text)
    except ValueError:
        raise ValueError(f"invalid {kind}: {text}") from None


def _parts(word: str) -> tuple[str, str, str]:
    """Split address:host:container from the right; an IPv6 address has colons of its own."""
    parts = word.split(":")
    if len(parts) == 1:
        return "", "", parts[0]
    if len(parts) == 2:
        return "", parts[0], parts[1]
    address = ":".join(parts[:-2])
    return address.removeprefix("[").removesuffix("]"), parts[-2], parts[-1]


def _protocol(word: str) -> tuple[str, str]:
    number, _, protocol = word.partition("/")
    protocol = protocol.lower() or "tcp"
    if protocol not in PROTOCOLS:
        raise ValueError(f"invalid proto: {protocol}")
    return number, protocol


def _number(text: str) -> int:
    if not text.isdecimal() or not text.isascii():
        raise ValueError(f'strconv.ParseUint: parsing "{text}": invalid syntax')
    if int(text) > LAST:
        raise ValueError(f'strconv.ParseUint: parsing "{text}": value out of range')
    return int(text)
