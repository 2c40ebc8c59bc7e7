"""sampan container port: where a container's ports are on the host."""

from __future__ import annotations

from sampan.cli.errors import CommandError
from sampan.client.url import segment

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sampan.cli.context import Context
    from sampan.cli.flags import Options

USAGE = "CONTAINER [PRIVATE_PORT[/PROTO]]"
ARGUMENTS = (1, 2)
FLAGS = ()


def run(context: Context, _options: Options, arguments: list[str]) -> int:
    """List port mappings, or those of one port."""
    name = arguments[0]
    found = context.client.get(f"/containers/{segment(name)}/json")
    ports = (found.get("NetworkSettings") or {}).get("Ports") or {}
    mapped = {port: bindings for port, bindings in ports.items() if bindings}
    if len(arguments) == 2:
        return _one(context, name, mapped, arguments[1])
    lines = [
        f"{port} -> {_address(binding)}"
        for port in sorted(mapped, key=_order)
        for binding in mapped[port]
    ]
    context.out.write("".join(f"{line}\n" for line in lines))
    return 0


def _one(context: Context, name: str, mapped: dict[str, list[dict[str, str]]], wanted: str) -> int:
    number, _, protocol = wanted.partition("/")
    if not number.isdecimal():
        reason = f'strconv.ParseUint: parsing "{number}": invalid syntax'
        raise CommandError(f"Error: invalid port ({number}): {reason}")
    bindings = mapped.get(f"{number}/{protocol or 'tcp'}")
    if not bindings:
        raise CommandError(f"Error: No public port '{wanted}' published for {name}")
    context.out.write("".join(f"{_address(binding)}\n" for binding in bindings))
    return 0


def _address(binding: dict[str, str]) -> str:
    host = binding["HostIp"]
    return f"[{host}]:{binding['HostPort']}" if ":" in host else f"{host}:{binding['HostPort']}"


def _order(port: str) -> tuple[int, str]:
    number, _, protocol = port.partition("/")
    return int(number), protocol
