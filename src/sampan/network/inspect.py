"""Docker's documents about networks, in its wire casing. Pure: records in, dicts out."""

from collections.abc import Iterable
from typing import Any

from sampan.state.endpoints import EndpointRecord
from sampan.state.networks import Network, Pool


def network_document(network: Network, endpoints: Iterable[EndpointRecord]) -> dict[str, Any]:
    """Return what GET /networks/{id} answers. Containers are listed while they run."""
    document = summary_document(network)
    document["Containers"] = {
        endpoint.container_id: _inhabitant(endpoint) for endpoint in endpoints if endpoint.attached
    }
    return document


def summary_document(network: Network) -> dict[str, Any]:
    """Return what GET /networks lists for one network: no containers."""
    return {
        "Name": network.name,
        "Id": network.id,
        "Created": network.created,
        "Scope": network.scope,
        "Driver": network.driver,
        "EnableIPv4": True,
        "EnableIPv6": network.ipv6,
        "IPAM": {
            "Driver": network.ipam_driver,
            "Options": network.ipam_options or None,
            "Config": [_pool(pool) for pool in network.pools] or None,
        },
        "Internal": network.internal,
        "Attachable": network.attachable,
        "Ingress": network.ingress,
        "ConfigFrom": {"Network": network.config_from},
        "ConfigOnly": network.config_only,
        "Containers": {},
        "Options": network.options,
        "Labels": network.labels,
    }


def endpoint_document(endpoint: EndpointRecord) -> dict[str, Any]:
    """Return a container's EndpointSettings in one network, as far as this room knows them."""
    return {
        "IPAMConfig": None,
        "Links": None,
        "Aliases": endpoint.aliases or None,
        "MacAddress": endpoint.mac,
        "DriverOpts": None,
        "GwPriority": 0,
        "NetworkID": endpoint.network_id,
        "EndpointID": endpoint.id,
        "Gateway": endpoint.gateway,
        "IPAddress": endpoint.address,
        "IPPrefixLen": endpoint.prefix,
        "IPv6Gateway": endpoint.gateway6,
        "GlobalIPv6Address": endpoint.address6,
        "GlobalIPv6PrefixLen": endpoint.prefix6,
        "DNSNames": None,
    }


def _pool(pool: Pool) -> dict[str, Any]:
    document: dict[str, Any] = {"Subnet": pool.subnet}
    if pool.ip_range:
        document["IPRange"] = pool.ip_range
    if pool.gateway:
        document["Gateway"] = pool.gateway
    if pool.auxiliary:
        document["AuxiliaryAddresses"] = pool.auxiliary
    return document


def _inhabitant(endpoint: EndpointRecord) -> dict[str, str]:
    return {
        "Name": endpoint.container_name,
        "EndpointID": endpoint.id,
        "MacAddress": endpoint.mac,
        "IPv4Address": _with_prefix(endpoint.address, endpoint.prefix),
        "IPv6Address": _with_prefix(endpoint.address6, endpoint.prefix6),
    }


def _with_prefix(address: str, prefix: int) -> str:
    return f"{address}/{prefix}" if address else ""
