"""Make a container: settle its config, take its name, prepare its snapshot."""

from contextlib import suppress
from typing import Any

from sampan.base import ids
from sampan.base.clock import now
from sampan.engine import machine
from sampan.engine.engine import Engine
from sampan.engine.lifecycle import bundle
from sampan.engine.networking import linked, modes
from sampan.engine.spec import command, namespaces, ports
from sampan.engine.spec.names import random_name
from sampan.engine.spec.validate import config as checks
from sampan.engine.spec.validate import limits
from sampan.engine.volumes import mounts
from sampan.engine.volumes.copy_up import copy_up
from sampan.errors import InvalidRequest, NotFound
from sampan.images.image import Image
from sampan.logs import options as log_options
from sampan.schema.container import ContainerCreate
from sampan.schema.container_config import ContainerConfig
from sampan.schema.host_config import HostConfig
from sampan.schema.network import EndpointSettings
from sampan.state.containers import Container


async def create(
    engine: Engine, request: ContainerCreate, *, name: str = "", platform: str = ""
) -> dict[str, Any]:
    """Make a container; answer {Id, Warnings}."""
    if name:
        name = checks.check_name(name)
        engine.containers.refuse_taken(name)
    image = engine.images.resolve(request.image)
    _check_platform(image, platform)
    container, warnings = _settle(engine, request, image)
    container.name = name or random_name(engine.containers.is_taken)
    with engine.containers.reserved(container.name, container.id):
        await _make(engine, container, image)
    engine.events.container(container, "create")
    return {"Id": container.id, "Warnings": warnings}


def _check_platform(image: Image, platform: str) -> None:
    """Refuse an image of another operating system; another architecture may be emulated."""
    wanted = platform.partition("/")[0]
    if (wanted and wanted != image.os) or image.os != "linux":
        raise InvalidRequest(
            f"image operating system {image.os} cannot be used on this platform: "
            "operating system is not supported"
        )


def _settle(engine: Engine, request: ContainerCreate, image: Image) -> tuple[Container, list[str]]:
    """Check the wishes and fill in what they leave open."""
    wish = ContainerConfig(
        **{key: getattr(request, key) for key in ContainerConfig.__struct_fields__}
    )
    host = request.host_config or HostConfig()
    checks.check_config(wish)
    checks.check_host(host)
    checks.check_network_conflicts(wish, host)
    limits.check_host_limits(host)
    warnings = limits.check_limits(host, machine.limits_of(engine.facts, engine.hierarchy))
    _fill_host(engine, host)
    config = command.settle(wish, image.config.get("config") or {})
    checks.check_config(config)
    config.exposed_ports = ports.exposed(config.exposed_ports, host.port_bindings)
    ports.check(host, config.exposed_ports)
    warnings += _port_warnings(host)
    linked.check(engine, host.links)
    identity = ids.new_id()
    config.hostname = _hostname(engine, config, host, identity)
    networks = modes.wished(host, request.networking_config)
    _check_networks(engine, networks)
    words = command.arguments(config)
    container = Container(
        id=identity,
        name="",
        created=now(),
        image_id=image.id,
        config=config,
        host_config=host,
        path=words[0],
        args=words[1:],
        chain=image.chain,
        networks=networks,
        macs=_macs(networks, config.mac_address),
        driver=engine.snapshots.name,
    )
    return container, warnings


def _port_warnings(host: HostConfig) -> list[str]:
    if host.network_mode == modes.HOST and host.port_bindings:
        return ["Published ports are discarded when using host network mode"]
    return []


def _fill_host(engine: Engine, host: HostConfig) -> None:
    """Fill in the engine's defaults, so that inspect shows what holds."""
    options = engine.options
    host.network_mode = modes.normalize(host.network_mode)
    host.ipc_mode = host.ipc_mode or options.default_ipc_mode
    host.cgroupns_mode = host.cgroupns_mode or options.default_cgroupns_mode or namespaces.PRIVATE
    host.shm_size = host.shm_size or options.default_shm_size
    host.runtime = host.runtime or options.default_runtime
    bundle.runtime(engine, host.runtime)
    host.restart_policy.name = host.restart_policy.name or "no"
    if host.memory > 0 and host.memory_swap == 0:
        # Docker's rule: as much swap as memory when nothing is said.
        host.memory_swap = host.memory * 2
    log = host.log_config
    if not log.type:
        log.type = options.log_driver
        log.config = {**options.log_opts, **(log.config or {})}
    log_options.check(log.type, log.config or {})


def _hostname(engine: Engine, config: ContainerConfig, host: HostConfig, identity: str) -> str:
    if config.hostname:
        return config.hostname
    other = namespaces.joined(host.network_mode)
    if other:
        return engine.containers.resolve(other).config.hostname
    if namespaces.HOST in {host.uts_mode, host.network_mode}:
        return engine.facts.hostname
    return ids.short(identity)


def _check_networks(engine: Engine, networks: dict[str, EndpointSettings]) -> None:
    for name, settings in networks.items():
        # A missing network is told by the start, as dockerd does: clients take a 404 of create
        # for a missing image, and pull.
        with suppress(NotFound):
            settings.network_id = engine.networks.get(name).id


def _macs(networks: dict[str, EndpointSettings], own: str) -> dict[str, str]:
    """Return the MAC addresses asked for; the container's own is for its first network."""
    found = {name: each.mac_address for name, each in networks.items() if each.mac_address}
    for name in networks:
        if own:
            found.setdefault(name, own)
        break
    for settings in networks.values():
        settings.mac_address = ""
    return found


async def _make(engine: Engine, container: Container, image: Image) -> None:
    """Make what the container stands on; on failure nothing is left."""
    settled = mounts.settle(engine, container.config, container.host_config)
    container.mounts = settled.points
    try:
        await copy_up(engine, image.chain, settled.copy_up)
        await engine.threads.disk(engine.snapshots.prepare, container.id, image.chain)
        engine.containers.add(container)
    except BaseException:
        await engine.threads.disk(engine.snapshots.remove, container.id)
        mounts.undo(engine, settled)
        raise
    for volume in settled.made:
        engine.events.publish("volume", "create", volume.name, {"driver": volume.driver})
