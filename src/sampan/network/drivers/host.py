"""The driver behind `host`: the container lives in the host's own network namespace."""

from sampan.state.endpoints import EndpointRecord
from sampan.state.networks import Network


class HostDriver:
    """No sandbox at all; every step is nothing."""

    name = "host"
    has_addresses = False

    def ensure(self, network: Network) -> None:
        """Nothing on the host."""

    def attach(self, network: Network, endpoint: EndpointRecord, pidfd: int) -> None:
        """Nothing to connect."""

    def detach(self, endpoint: EndpointRecord, *, lives_on: bool) -> None:
        """Nothing to undo."""

    def repair(self, network: Network, endpoint: EndpointRecord) -> None:
        """Nothing to repair."""

    def remove(self, network: Network) -> None:
        """Nothing on the host."""
