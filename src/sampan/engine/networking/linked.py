"""Old links resolved: who is on the other side, and with which address."""

from contextlib import suppress

from sampan.engine.networking import links, modes
from sampan.engine.stores import Stores
from sampan.errors import InvalidRequest, NotFound, SampanError
from sampan.state.containers import Container


def resolve(engine: Stores, container: Container) -> list[links.Linked]:
    """Resolve the links of a container about to start, and note their environment."""
    found = [_one(engine, container, text) for text in container.host_config.links or ()]
    own_network = modes.normalize(container.host_config.network_mode)
    container.env_of_links = (
        links.environment(container.name, found) if own_network == modes.DEFAULT else []
    )
    return found


def resolve_running(engine: Stores, container: Container) -> list[links.Linked]:
    """Resolve the links of a running container, as far as they still hold."""
    found = []
    for text in container.host_config.links or ():
        with suppress(SampanError):
            found.append(_one(engine, container, text))
    return found


def _one(engine: Stores, container: Container, text: str) -> links.Linked:
    name, alias = links.parse(text)
    other = engine.containers.resolve(name)
    if not other.state.running:
        raise InvalidRequest(
            f"Cannot link to a non running container: /{other.name} AS /{container.name}/{alias}"
        )
    address = next(
        (
            each.ip_address
            for network, each in other.networks.items()
            if network in container.networks and each.ip_address
        ),
        "",
    )
    if not address:
        raise InvalidRequest(
            f"Cannot link to /{other.name}, as it does not belong to a network of this container"
        )
    return links.Linked(
        alias=alias,
        name=other.name,
        container_id=other.id,
        hostname=other.config.hostname,
        address=address,
        ports=list(other.config.exposed_ports or ()),
        env=list(other.config.env or ()),
    )


def check(engine: Stores, texts: list[str] | None) -> None:
    """Refuse links to containers that do not exist, when a container is created."""
    for text in texts or ():
        name, _ = links.parse(text)
        try:
            engine.containers.resolve(name)
        except NotFound as error:
            raise InvalidRequest(f"could not get container for {name}: {error}") from error
