"""Remove a network."""

from sampan.engine.engine import Engine


async def remove(engine: Engine, ref: str) -> None:
    """Remove a network that no container is in."""
    network = await engine.threads.net(engine.networks.remove, ref)
    attributes = {"name": network.name, "type": network.driver}
    engine.events.publish("network", "destroy", network.id, attributes)
