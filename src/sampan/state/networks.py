"""Networks as they are kept: one document each, all in memory too. Their devices are elsewhere.

Used by the network room.
"""

from collections.abc import Iterator

import msgspec

from sampan.state.database import Database


class Pool(msgspec.Struct, kw_only=True):
    """One subnet of a network, as Docker's IPAM configuration names its parts."""

    subnet: str
    gateway: str = ""
    way_out: str = ""  # the endpoints' gateway where it is not the bridge itself
    ip_range: str = ""
    auxiliary: dict[str, str] = {}


class Network(msgspec.Struct, kw_only=True):
    """Everything that is remembered of one network."""

    id: str
    name: str
    created: str
    driver: str
    scope: str = "local"
    device: str = ""  # the bridge's name on the host; "" without one
    ipv6: bool = False
    internal: bool = False
    attachable: bool = False
    ingress: bool = False
    config_only: bool = False
    config_from: str = ""
    ipam_driver: str = "default"
    ipam_options: dict[str, str] = {}
    pools: list[Pool] = []
    options: dict[str, str] = {}
    labels: dict[str, str] = {}


class NetworkTable:
    """The table of networks."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._by_id: dict[str, Network] = {}
        decoder = msgspec.json.Decoder(Network)
        for (document,) in database.query("SELECT document FROM networks"):
            assert isinstance(document, bytes)
            network = decoder.decode(document)
            self._by_id[network.id] = network

    def __iter__(self) -> Iterator[Network]:
        """Go through all networks; the table may change meanwhile."""
        return iter(list(self._by_id.values()))

    def get(self, network_id: str) -> Network | None:
        """Return the network of this id."""
        return self._by_id.get(network_id)

    def named(self, name: str) -> Network | None:
        """Return the network of this name."""
        return next((network for network in self if network.name == name), None)

    def save(self, network: Network) -> None:
        """Keep a network, new or changed."""
        self._database.execute(
            "INSERT INTO networks (id, name, document) VALUES (?, ?, ?)"
            " ON CONFLICT (id) DO UPDATE SET name = excluded.name, document = excluded.document",
            network.id,
            network.name,
            msgspec.json.encode(network),
        )
        self._by_id[network.id] = network

    def delete(self, network_id: str) -> None:
        """Forget a network."""
        self._database.execute("DELETE FROM networks WHERE id = ?", network_id)
        self._by_id.pop(network_id, None)
