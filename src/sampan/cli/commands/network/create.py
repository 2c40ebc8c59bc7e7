"""sampan network create: a network of one's own."""

from __future__ import annotations

from sampan.cli.errors import CommandError
from sampan.cli.flags import BOOL, STRING, STRINGS, Flag
from sampan.cli.options.ipam import ipam
from sampan.cli.options.keyvalue import mapping
from sampan.cli.options.kinds import LABEL, MAP

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from sampan.cli.context import Context
    from sampan.cli.flags import Options

USAGE = "[OPTIONS] NETWORK"
ARGUMENTS = (1, 1)
FLAGS = (
    Flag("attachable", "", BOOL, "Enable manual container attachment"),
    Flag("aux-address", "", MAP, "Auxiliary IPv4 or IPv6 addresses used by Network driver"),
    Flag("config-from", "", STRING, "The network from which to copy the configuration"),
    Flag("config-only", "", BOOL, "Create a configuration only network"),
    Flag("driver", "d", STRING, "Driver to manage the Network", default="bridge"),
    Flag("gateway", "", STRINGS, "IPv4 or IPv6 Gateway for the master subnet"),
    Flag("ingress", "", BOOL, "Create swarm routing-mesh network"),
    Flag("internal", "", BOOL, "Restrict external access to the network"),
    Flag("ip-range", "", STRINGS, "Allocate container ip from a sub-range"),
    Flag("ipam-driver", "", STRING, "IP Address Management Driver", default="default"),
    Flag("ipam-opt", "", MAP, "Set IPAM driver specific options"),
    Flag("ipv4", "", BOOL, "Enable or disable IPv4 address assignment", default=True),
    Flag("ipv6", "", BOOL, "Enable or disable IPv6 address assignment"),
    Flag("label", "", LABEL, "Set metadata on a network"),
    Flag("opt", "o", MAP, "Set driver specific options"),
    Flag("scope", "", STRING, "Control the network's scope"),
    Flag("subnet", "", STRINGS, "Subnet in CIDR format that represents a network segment"),
)


def run(context: Context, options: Options, arguments: list[str]) -> int:
    """Create a network and print its id."""
    try:
        wanted = _document(options, arguments[0])
    except ValueError as error:
        raise CommandError(str(error)) from None
    made = context.client.post("/networks/create", None, wanted)
    if made.get("Warning"):
        context.warn(made["Warning"])
    context.out.line(made["Id"])
    return 0


def _document(options: Options, name: str) -> dict[str, Any]:
    wanted: dict[str, Any] = {
        "Name": name,
        "Driver": options.text("driver"),
        "Options": mapping(options.many("opt")),
        "IPAM": {
            "Driver": options.text("ipam-driver"),
            "Config": ipam(
                options.many("subnet"),
                options.many("ip-range"),
                options.many("gateway"),
                mapping(options.many("aux-address")),
            ),
            "Options": mapping(options.many("ipam-opt")),
        },
        "Internal": options.on("internal"),
        "Attachable": options.on("attachable"),
        "Ingress": options.on("ingress"),
        "Scope": options.text("scope"),
        "ConfigOnly": options.on("config-only"),
        "Labels": mapping(options.many("label")),
        # Daemons of API 1.24 to 1.43 ask for it; later ones always check.
        "CheckDuplicate": True,
    }
    if options.text("config-from"):
        wanted["ConfigFrom"] = {"Network": options.text("config-from")}
    for flag, field in (("ipv4", "EnableIPv4"), ("ipv6", "EnableIPv6")):
        if flag in options.changed:
            wanted[field] = options.on(flag)
    return wanted
