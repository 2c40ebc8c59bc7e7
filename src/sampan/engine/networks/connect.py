"""Bring a container into a network."""

from sampan.engine import find
from sampan.engine.engine import Engine
from sampan.engine.networking import endpoints, files, modes
from sampan.engine.spec import namespaces
from sampan.errors import Forbidden, InvalidRequest
from sampan.schema.network import EndpointSettings, NetworkConnect
from sampan.state.containers import Container


async def connect(engine: Engine, ref: str, request: NetworkConnect) -> None:
    """Connect a container, running or not."""
    network = engine.networks.get(ref)
    container = find.container(engine, request.container)
    settings = request.endpoint_config or EndpointSettings()
    async with find.locked(engine, container):
        _check(container, network.name)
        settings.network_id = network.id
        if settings.mac_address:
            container.macs[network.name] = settings.mac_address
        container.networks[network.name] = settings
        live = engine.live(container.id)
        if live.handle is not None:
            try:
                await endpoints.join(engine, container, network.name, live.handle.pidfd)
            except BaseException:
                del container.networks[network.name]
                raise
            files.refresh(engine, container)
        engine.containers.save(container)
    attributes = {"container": container.id, "name": network.name, "type": network.driver}
    engine.events.publish("network", "connect", network.id, attributes)


def _check(container: Container, name: str) -> None:
    if namespaces.joined(container.host_config.network_mode):
        raise InvalidRequest(
            "container sharing network namespace with another container or host cannot be "
            "connected to any other network"
        )
    if modes.HOST in {container.host_config.network_mode, name}:
        raise InvalidRequest(
            "container cannot be disconnected from host network or connected to host network"
        )
    if modes.NONE in {*container.networks, name} and container.networks:
        raise InvalidRequest("cannot attach both user-defined and non-user-defined network-modes")
    if name in container.networks:
        raise Forbidden(f"endpoint with name {container.name} already exists in network {name}")
