"""Events about networks and volumes that come with a container's start and end."""

from sampan.engine.stores import Stores
from sampan.state.containers import Container


def connected(engine: Stores, container: Container) -> None:
    """Tell what a container was connected to."""
    _networks(engine, container, "connect")
    for point in container.mounts:
        if point.type == "volume":
            attributes = {
                "container": container.id,
                "destination": point.destination,
                "driver": point.driver,
                "propagation": point.propagation,
                "read/write": "true" if point.rw else "false",
            }
            engine.events.publish("volume", "mount", point.name, attributes)


def disconnected(engine: Stores, container: Container) -> None:
    """Tell what an ended container left."""
    _networks(engine, container, "disconnect")
    for point in container.mounts:
        if point.type == "volume":
            attributes = {"container": container.id, "driver": point.driver}
            engine.events.publish("volume", "unmount", point.name, attributes)


def _networks(engine: Stores, container: Container, action: str) -> None:
    for name, settings in container.networks.items():
        kind = {"host": "host", "none": "null"}.get(name, "bridge")
        attributes = {"container": container.id, "name": name, "type": kind}
        engine.events.publish("network", action, settings.network_id, attributes)
