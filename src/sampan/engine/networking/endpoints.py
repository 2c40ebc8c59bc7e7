"""A container's endpoints over a start and an end: allocated, attached, given back."""

from sampan.engine.spec import ports
from sampan.engine.spec.ports import Published
from sampan.engine.stores import Stores
from sampan.network.driver import Binding, Endpoint, Wishes
from sampan.schema.network import EndpointSettings
from sampan.state.containers import Container


async def allocate(engine: Stores, container: Container) -> list[tuple[str, Endpoint]]:
    """Choose addresses in all of a container's networks; written into its settings."""
    wishes = [(name, _wishes(container, name)) for name in container.networks]
    if not wishes:
        return []
    endpoints = await engine.threads.net(_allocate_all, engine, container.id, wishes)
    for name, endpoint in endpoints:
        _fill(container.networks[name], endpoint)
    return endpoints


def _allocate_all(
    engine: Stores, container_id: str, wishes: list[tuple[str, Wishes]]
) -> list[tuple[str, Endpoint]]:
    return [(name, engine.networks.allocate(container_id, name, each)) for name, each in wishes]


async def attach(
    engine: Stores, container: Container, endpoints: list[tuple[str, Endpoint]], pidfd: int
) -> None:
    """Connect a container's sandbox and open its ports."""
    if not endpoints:
        return
    wished = [
        Binding(
            each.protocol, each.container_port, each.host_ip, each.host_port, each.host_port_end
        )
        for each in ports.published(container.host_config, container.config.exposed_ports)
    ]
    opened = await engine.threads.net(_attach_all, engine, endpoints, pidfd, wished)
    container.ports = ports.document(
        container.config.exposed_ports,
        [Published(b.protocol, b.container_port, b.host_ip, b.host_port, 0) for b in opened],
    )


def _attach_all(
    engine: Stores, endpoints: list[tuple[str, Endpoint]], pidfd: int, wished: list[Binding]
) -> list[Binding]:
    """Attach one by one; the ports are published where the container's way out leads."""
    opened: list[Binding] = []
    for index, (_, endpoint) in enumerate(endpoints):
        opened += engine.networks.attach(endpoint, pidfd, wished if index == 0 else ())
    return opened


async def join(engine: Stores, container: Container, name: str, pidfd: int) -> None:
    """Bring a running container into one more network."""
    wishes = [(name, _wishes(container, name))]
    placed = await engine.threads.net(_allocate_all, engine, container.id, wishes)
    await engine.threads.net(_attach_all, engine, placed, pidfd, [])
    _fill(container.networks[name], placed[0][1])


async def detach(engine: Stores, container: Container) -> None:
    """Give addresses and ports back."""
    clear_all(container)
    if container.networks:
        await engine.threads.net(engine.networks.detach, container.id)


def _wishes(container: Container, name: str) -> Wishes:
    settings = container.networks[name]
    ipam = settings.ipam_config
    return Wishes(
        container_name=container.name,
        address=ipam.ipv4_address if ipam else "",
        address6=ipam.ipv6_address if ipam else "",
        mac=container.macs.get(name, ""),
        aliases=tuple(settings.aliases or ()),
    )


def _fill(settings: EndpointSettings, endpoint: Endpoint) -> None:
    settings.network_id = endpoint.network_id
    settings.endpoint_id = endpoint.endpoint_id
    settings.gateway = endpoint.gateway
    settings.ip_address = endpoint.address
    settings.ip_prefix_len = endpoint.prefix
    settings.ipv6_gateway = endpoint.gateway6
    settings.global_ipv6_address = endpoint.address6
    settings.global_ipv6_prefix_len = endpoint.prefix6
    settings.mac_address = endpoint.mac


def clear_all(container: Container) -> None:
    """Forget what a start made of all wishes."""
    container.ports = {}
    for settings in container.networks.values():
        clear(settings)


def clear(settings: EndpointSettings) -> None:
    """Forget what a start made of the wishes."""
    settings.endpoint_id = settings.gateway = settings.ip_address = ""
    settings.ipv6_gateway = settings.global_ipv6_address = settings.mac_address = ""
    settings.ip_prefix_len = settings.global_ipv6_prefix_len = 0
