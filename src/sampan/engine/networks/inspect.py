"""Everything about one network."""

from typing import Any

from sampan.engine.engine import Engine
from sampan.errors import NotFound
from sampan.network.inspect import network_document


async def inspect(
    engine: Engine, ref: str, *, verbose: bool = False, scope: str = ""
) -> dict[str, Any]:
    """Give Docker's network document."""
    network = engine.networks.get(ref)
    if scope and scope != network.scope:
        raise NotFound("network", ref)
    found = network_document(network, engine.networks.endpoints_in(network.id))
    if verbose:
        found["Services"] = {}
    return found
