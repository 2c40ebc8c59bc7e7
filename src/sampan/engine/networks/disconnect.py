"""Take a container out of a network."""

from sampan.engine import find
from sampan.engine.engine import Engine
from sampan.engine.networking import files, modes
from sampan.errors import InvalidRequest, NotFound
from sampan.schema.network import NetworkDisconnect


async def disconnect(engine: Engine, ref: str, request: NetworkDisconnect) -> None:
    """Disconnect a container, running or not."""
    network = engine.networks.get(ref)
    try:
        container = find.container(engine, request.container)
    except NotFound:
        if not request.force:
            raise
        # A container that is gone may have left its endpoint behind.
        await engine.threads.net(engine.networks.disconnect, request.container, network.id)
        return
    async with find.locked(engine, container):
        if container.host_config.network_mode == modes.HOST:
            raise InvalidRequest("container cannot be disconnected from host network")
        if network.name not in container.networks:
            raise InvalidRequest(
                f"container {container.id} is not connected to network {network.name}"
            )
        live = engine.live(container.id)
        pidfd = live.handle.pidfd if live.handle is not None else None
        await engine.threads.net(engine.networks.disconnect, container.id, network.id, pidfd)
        del container.networks[network.name]
        container.macs.pop(network.name, None)
        if live.handle is not None:
            files.refresh(engine, container)
        engine.containers.save(container)
    attributes = {"container": container.id, "name": network.name, "type": network.driver}
    engine.events.publish("network", "disconnect", network.id, attributes)
