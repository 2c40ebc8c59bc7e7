"""List networks, filtered."""

from collections.abc import Mapping
from typing import Any

from sampan.engine.engine import Engine
from sampan.engine.filters import any_of, check, labels_match, truth
from sampan.errors import InvalidRequest
from sampan.network.inspect import summary_document
from sampan.state.networks import Network

KNOWN = ("dangling", "driver", "id", "label", "name", "scope", "type")
BUILT_IN = frozenset({"bridge", "host", "none"})


async def list_(
    engine: Engine, *, filters: Mapping[str, list[str]] | None = None
) -> list[dict[str, Any]]:
    """List network documents."""
    wanted = check(filters, KNOWN)
    for kind in wanted.get("type", ()):
        if kind not in {"custom", "builtin"}:
            raise InvalidRequest(f"invalid filter: 'type'='{kind}'")
    dangling = truth(wanted, "dangling")
    return [
        summary_document(network)
        for network in engine.networks.list()
        if _matches(network, wanted)
        and (dangling is None or dangling is is_dangling(engine, network))
    ]


def is_dangling(engine: Engine, network: Network) -> bool:
    """Whether no container is in a network of the user's, running or not."""
    if network.name in BUILT_IN:
        return False
    return not any(network.name in container.networks for container in engine.containers)


def _matches(network: Network, wanted: Mapping[str, list[str]]) -> bool:
    kind = "builtin" if network.name in BUILT_IN else "custom"
    return (
        any_of(wanted, "driver", network.driver.__eq__)
        and any_of(wanted, "id", network.id.startswith)
        and any_of(wanted, "name", lambda text: text in network.name)
        and any_of(wanted, "scope", network.scope.__eq__)
        and any_of(wanted, "type", kind.__eq__)
        and labels_match(wanted, network.labels)
    )
