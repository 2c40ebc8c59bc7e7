"""Endpoints as they are kept: one document each, all in memory too. Devices are elsewhere.

Used by the network room.
"""

from collections.abc import Iterator

import msgspec

from sampan.state.database import Database


class PublishedPort(msgspec.Struct, array_like=True):
    """One open port of an endpoint."""

    protocol: str
    container_port: int
    host_ip: str
    host_port: int


class EndpointRecord(msgspec.Struct, kw_only=True):
    """Everything that is remembered of one container's place in one network."""

    id: str
    network_id: str
    container_id: str
    container_name: str
    interface: str
    host_interface: str = ""
    mac: str = ""
    address: str = ""
    prefix: int = 0
    gateway: str = ""
    address6: str = ""
    prefix6: int = 0
    gateway6: str = ""
    aliases: list[str] = []
    default_route: bool = False  # whether the container's way out leads through here
    attached: bool = False
    ports: list[PublishedPort] = []


class EndpointTable:
    """The table of endpoints."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._by_id: dict[str, EndpointRecord] = {}
        decoder = msgspec.json.Decoder(EndpointRecord)
        for (document,) in database.query("SELECT document FROM endpoints"):
            assert isinstance(document, bytes)
            endpoint = decoder.decode(document)
            self._by_id[endpoint.id] = endpoint

    def __iter__(self) -> Iterator[EndpointRecord]:
        """Go through all endpoints; the table may change meanwhile."""
        return iter(list(self._by_id.values()))

    def get(self, endpoint_id: str) -> EndpointRecord | None:
        """Return the endpoint of this id."""
        return self._by_id.get(endpoint_id)

    def of_container(self, container_id: str) -> list[EndpointRecord]:
        """Return a container's endpoints, in the order they were made."""
        return [row for row in self if row.container_id == container_id]

    def of_network(self, network_id: str) -> list[EndpointRecord]:
        """Return a network's endpoints."""
        return [row for row in self if row.network_id == network_id]

    def save(self, endpoint: EndpointRecord) -> None:
        """Keep an endpoint, new or changed."""
        self._database.execute(
            "INSERT INTO endpoints (id, document) VALUES (?, ?)"
            " ON CONFLICT (id) DO UPDATE SET document = excluded.document",
            endpoint.id,
            msgspec.json.encode(endpoint),
        )
        self._by_id[endpoint.id] = endpoint

    def delete(self, endpoint_id: str) -> None:
        """Forget an endpoint."""
        self._database.execute("DELETE FROM endpoints WHERE id = ?", endpoint_id)
        self._by_id.pop(endpoint_id, None)
