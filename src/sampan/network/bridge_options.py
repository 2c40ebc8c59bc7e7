"""The options of bridge networks, with Docker's names (`network create --opt`)."""

from collections.abc import Mapping

from sampan.errors import InvalidRequest
from sampan.network.ipam import parse_address

DEFAULT = "com.docker.network.bridge.default_bridge"
NAME = "com.docker.network.bridge.name"
ICC = "com.docker.network.bridge.enable_icc"
MASQUERADE = "com.docker.network.bridge.enable_ip_masquerade"
HOST_BINDING = "com.docker.network.bridge.host_binding_ipv4"
MTU = "com.docker.network.driver.mtu"

# As Go's strconv.ParseBool reads them.
_TRUE = {"1", "t", "T", "TRUE", "true", "True"}
_FALSE = {"0", "f", "F", "FALSE", "false", "False"}


def check(options: Mapping[str, str]) -> None:
    """Refuse values that mean nothing. Options nobody knows are kept and ignored, as by Docker."""
    for name in (ICC, MASQUERADE):
        is_on(options, name)
    mtu(options)
    if options.get(HOST_BINDING):
        parse_address(options[HOST_BINDING])


def is_on(options: Mapping[str, str], name: str) -> bool:
    """Read a switch that is on unless it is switched off."""
    value = options.get(name, "true")
    if value in _TRUE:
        return True
    if value in _FALSE:
        return False
    raise InvalidRequest(f"invalid value {value!r} for option {name}: not a boolean")


def mtu(options: Mapping[str, str]) -> int:
    """Read the MTU; 0 when it is the kernel's to choose."""
    value = options.get(MTU, "") or "0"
    # 68 is the least IPv4 may have (RFC 791), 65535 the most a bridge takes.
    if not value.isascii() or not value.isdigit() or not (value == "0" or 68 <= int(value) < 65536):
        raise InvalidRequest(f"invalid value {value!r} for option {MTU}")
    return int(value)


def host_binding(options: Mapping[str, str]) -> str:
    """Read the address ports are published on by default; "" for every one."""
    value = options.get(HOST_BINDING, "")
    return "" if value == "0.0.0.0" else value  # noqa: S104 - compared, not bound
