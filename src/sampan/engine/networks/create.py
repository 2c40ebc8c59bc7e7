"""Make a network."""

from typing import Any

from sampan.engine.engine import Engine
from sampan.errors import Forbidden, InvalidRequest, NotImplemented_
from sampan.network.driver import NetworkRequest
from sampan.schema.network import NetworkCreate


async def create(engine: Engine, request: NetworkCreate) -> dict[str, Any]:
    """Make a network; answer {Id, Warning}."""
    if not request.name:
        raise InvalidRequest("network name cannot be empty")
    if request.name in {"bridge", "host", "none", "default"}:
        raise Forbidden(f"operation is not permitted on predefined {request.name} network ")
    if request.config_only or request.config_from is not None or request.ingress:
        raise NotImplemented_("config-only, config-from and ingress networks are not there yet")
    if request.scope not in {"", "local"}:
        raise NotImplemented_(f"networks of scope {request.scope} are not there yet")
    ipam = request.ipam
    pools = tuple(
        (pool.subnet, pool.gateway, pool.ip_range, pool.auxiliary_addresses or {})
        for pool in (ipam.config if ipam else None) or ()
        if pool.subnet
    )
    network = await engine.threads.net(
        engine.networks.create,
        NetworkRequest(
            name=request.name,
            driver=request.driver or "bridge",
            pools=pools,
            ipam_driver=(ipam.driver if ipam else "") or "default",
            ipam_options=(ipam.options if ipam else None) or None,
            options=request.options,
            labels=request.labels,
            internal=request.internal,
            attachable=request.attachable,
            ipv6=bool(request.enable_ipv6),
        ),
    )
    attributes = {"name": network.name, "type": network.driver}
    engine.events.publish("network", "create", network.id, attributes)
    return {"Id": network.id, "Warning": ""}
