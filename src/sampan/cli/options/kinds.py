"""Kinds of flags beyond switches, texts and lists: sizes, durations, mounts, limits."""

from __future__ import annotations

from sampan.cli.flags import Kind, read_int
from sampan.cli.options.addresses import is_ip, read_ip
from sampan.cli.options.devices import read_bps, read_iops, read_rule, read_weight
from sampan.cli.options.durations import parse as parse_duration
from sampan.cli.options.keyvalue import read_env, read_label
from sampan.cli.options.mounts import read_mount
from sampan.cli.options.networks import read_network
from sampan.cli.options.sizes import parse as parse_size
from sampan.cli.options.sizes import parse_swap
from sampan.cli.options.ulimits import read_ulimit

NANO = 1_000_000_000
# The daemon knows which address of the host this is.
HOST_GATEWAY = "host-gateway"
STREAMS = frozenset(("stdin", "stdout", "stderr"))
SYSCTLS = frozenset(
    (
        "kernel.msgmax",
        "kernel.msgmnb",
        "kernel.msgmni",
        "kernel.sem",
        "kernel.shmall",
        "kernel.shmmax",
        "kernel.shmmni",
        "kernel.shm_rmid_forced",
    )
)


def read_cpus(text: str) -> int:
    """Read a number of CPUs to billionths, without rounding: 1.5, .5, 3/2."""
    over, slash, under = text.strip().partition("/")
    try:
        below = _exact(under) if slash else NANO
        value, rest = divmod(_exact(over) * NANO, below)
    except (ValueError, ZeroDivisionError):
        raise ValueError(f"failed to parse {text} as a rational number") from None
    if rest:
        raise ValueError("value is too precise")
    return value


def read_uint16(text: str) -> int:
    """Read a number that fits 16 bits."""
    value = read_int(text) if text.lstrip("-").isdecimal() else -1
    if not 0 <= value < 1 << 16:
        reason = "value out of range" if value > 0 else "invalid syntax"
        raise ValueError(f'strconv.ParseUint: parsing "{text}": {reason}')
    return value


def read_stream(text: str) -> str:
    """Check one word of -a."""
    if text.lower() not in STREAMS:
        raise ValueError("valid streams are STDIN, STDOUT and STDERR")
    return text.lower()


def read_sysctl(text: str) -> str:
    """Check one --sysctl: only what belongs to a namespace may be set."""
    key, equals, _ = text.partition("=")
    if equals and (key in SYSCTLS or key.startswith(("net.", "fs.mqueue."))):
        return text
    raise ValueError(f"sysctl '{text}' is not allowed")


def read_link(text: str) -> str:
    """Check one --link: name or name:alias."""
    if not text:
        raise ValueError("empty string specified for links")
    if text.count(":") > 1:
        raise ValueError(f"bad format for links: {text}")
    return text


def read_host_entry(text: str) -> str:
    """Read one --add-host, name:address or name=address, to the API's name:address."""
    name, separator, address = text.partition("=")
    if not separator:
        name, separator, address = text.partition(":")
    if not separator or not name:
        raise ValueError(f'bad format for add-host: "{text}"')
    address = address.removeprefix("[").removesuffix("]")
    if address != HOST_GATEWAY and not is_ip(address):
        raise ValueError(f'invalid IP address in add-host: "{address}"')
    return f"{name}:{address}"


def read_gpus(text: str) -> dict[str, object]:
    """Refuse --gpus here rather than start without them."""
    raise ValueError(f"cannot give GPUs ({text}): no device driver for them in this engine")


def _exact(text: str) -> int:
    """Read a decimal to billionths; ValueError when it has more digits than that."""
    whole, _, fraction = text.partition(".")
    if not (whole + fraction).isdecimal():
        raise ValueError(text)
    fraction = fraction.rstrip("0")
    if len(fraction) > 9:
        raise ValueError(text)
    return int(whole or "0") * NANO + int(fraction.ljust(9, "0"))


BYTES = Kind("bytes", parse_size, 0)
SWAP = Kind("bytes", parse_swap, 0)
DURATION = Kind("duration", parse_duration, 0, shown="0s")
DECIMAL = Kind("decimal", read_cpus, 0)
UINT16 = Kind("uint16", read_uint16, 0, shown="0")
MAP = Kind("map", str, many=True, shown="map[]")
SYSCTL = Kind("map", read_sysctl, many=True, shown="map[]")
ENV = Kind("list", read_env, many=True)
LABEL = Kind("list", read_label, many=True)
STREAM = Kind("list", read_stream, many=True)
ADDRESS = Kind("list", read_ip, many=True)
LINK = Kind("list", read_link, many=True)
HOST_ENTRY = Kind("list", read_host_entry, many=True)
RULE = Kind("list", read_rule, many=True)
BPS = Kind("list", read_bps, many=True, shown="[]")
IOPS = Kind("list", read_iops, many=True, shown="[]")
WEIGHT = Kind("list", read_weight, many=True, shown="[]")
MOUNT = Kind("mount", read_mount, many=True)
NETWORK = Kind("network", read_network, many=True)
ULIMIT = Kind("ulimit", read_ulimit, many=True, shown="[]")
GPUS = Kind("gpu-request", read_gpus, many=True)
