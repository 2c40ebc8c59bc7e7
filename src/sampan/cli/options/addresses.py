"""Is this text an address: IPv4, IPv6, MAC. Pure, by the C library's own reading."""

from __future__ import annotations

import _socket

_HEX = frozenset("0123456789abcdefABCDEF")


def is_ip(text: str) -> bool:
    """Tell whether this is an IPv4 or IPv6 address."""
    for family in (_socket.AF_INET, _socket.AF_INET6):
        try:
            _socket.inet_pton(family, text)
        except (OSError, ValueError, UnicodeError):
            continue
        return True
    return False


def read_ip(text: str) -> str:
    """Check one address of --dns or --link-local-ip."""
    if not is_ip(text.strip()):
        raise ValueError(f"IP address is not correctly formatted: {text}")
    return text.strip()


def is_mac(text: str) -> bool:
    """Tell whether this is an address of an Ethernet card: six bytes in hexadecimal."""
    parts = text.replace("-", ":").split(":")
    return len(parts) == 6 and all(len(part) == 2 and set(part) <= _HEX for part in parts)
