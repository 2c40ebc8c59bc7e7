"""The driver behind `none`: a sandbox with nothing but its own loopback."""

from sampan.linux import netns
from sampan.linux.netlink import link
from sampan.linux.netlink.socket import Netlink
from sampan.state.endpoints import EndpointRecord
from sampan.state.networks import Network


class NullDriver:
    """No interface but lo."""

    name = "null"
    has_addresses = False

    def ensure(self, network: Network) -> None:
        """Nothing on the host."""

    def attach(self, network: Network, endpoint: EndpointRecord, pidfd: int) -> None:
        """Bring lo up."""
        with netns.entered(pidfd), Netlink() as inside:
            inside.call(link.set_up("lo"))

    def detach(self, endpoint: EndpointRecord, *, lives_on: bool) -> None:
        """Nothing to undo."""

    def repair(self, network: Network, endpoint: EndpointRecord) -> None:
        """Nothing to repair."""

    def remove(self, network: Network) -> None:
        """Nothing on the host."""
