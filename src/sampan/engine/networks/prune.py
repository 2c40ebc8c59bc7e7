"""Remove networks that no container is in."""

from collections.abc import Mapping
from typing import Any

from sampan.base import clock
from sampan.engine import filters as matching
from sampan.engine.engine import Engine
from sampan.engine.networks.list_ import is_dangling
from sampan.state.networks import Network

KNOWN = ("label", "label!", "until")


async def prune(
    engine: Engine, *, filters: Mapping[str, list[str]] | None = None
) -> dict[str, Any]:
    """Answer {NetworksDeleted}."""
    wanted = matching.check(filters, KNOWN)
    until = matching.until(wanted)

    def accepts(network: Network) -> bool:
        young = bool(until) and clock.nanoseconds(network.created) > until
        return (
            not young
            and is_dangling(engine, network)
            and matching.labels_match(wanted, network.labels)
        )

    names = await engine.threads.net(engine.networks.prune, accepts)
    engine.events.publish("network", "prune", "", {"reclaimed": "0"})
    return {"NetworksDeleted": names or None}
