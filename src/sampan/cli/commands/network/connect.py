"""sampan network connect: put a container on one more network."""

from __future__ import annotations

from sampan.cli.flags import INT, STRING, STRINGS, Flag
from sampan.cli.options.keyvalue import mapping
from sampan.cli.options.kinds import LINK
from sampan.cli.options.networks import Attachment
from sampan.client.url import segment

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sampan.cli.context import Context
    from sampan.cli.flags import Options

USAGE = "[OPTIONS] NETWORK CONTAINER"
ARGUMENTS = (2, 2)
FLAGS = (
    Flag("alias", "", STRINGS, "Add network-scoped alias for the container"),
    Flag("driver-opt", "", STRINGS, "driver options for the network"),
    Flag(
        "gw-priority",
        "",
        INT,
        "Highest gw-priority provides the default gateway. Accepts positive and negative values.",
    ),
    Flag("ip", "", STRING, 'IPv4 address (e.g., "172.30.100.104")'),
    Flag("ip6", "", STRING, 'IPv6 address (e.g., "2001:db8::33")'),
    Flag("link", "", LINK, "Add link to another container"),
    Flag("link-local-ip", "", STRINGS, "Add a link-local address for the container"),
)


def run(context: Context, options: Options, arguments: list[str]) -> int:
    """Connect a container."""
    network, container = arguments
    attachment = Attachment(network)
    attachment.aliases = options.many("alias")
    attachment.driver_opts = mapping(options.many("driver-opt"))
    attachment.ip = options.text("ip")
    attachment.ip6 = options.text("ip6")
    attachment.links = options.many("link")
    attachment.link_local = options.many("link-local-ip")
    if "gw-priority" in options.changed:
        attachment.gateway = options.number("gw-priority")
    wanted = {"Container": container, "EndpointConfig": attachment.settings()}
    context.client.post(f"/networks/{segment(network)}/connect", None, wanted)
    return 0
