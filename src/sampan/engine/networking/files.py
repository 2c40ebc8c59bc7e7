"""The three files about names that a container gets: hostname, hosts, resolv.conf."""

import os
from contextlib import suppress

from sampan.base import files
from sampan.engine.networking import linked, links, modes
from sampan.engine.spec import namespaces
from sampan.engine.stores import Stores
from sampan.errors import NotFound
from sampan.network import files as texts
from sampan.state.containers import Container

NAMES = {"/etc/hostname": "hostname", "/etc/hosts": "hosts", "/etc/resolv.conf": "resolv.conf"}


def paths(engine: Stores, container: Container) -> dict[str, str]:
    """Return where the files are: the container's own, or those of the one it shares with."""
    other = namespaces.joined(container.host_config.network_mode)
    owner = engine.containers.resolve(other) if other else container
    directory = engine.data.container(owner.id)
    return {inside: f"{directory}/{name}" for inside, name in NAMES.items()}


def make(engine: Stores, container: Container) -> None:
    """Make a container's directory and its files, as they are or empty, to be mounted."""
    directory = engine.data.container(container.id)
    os.makedirs(directory, mode=0o710, exist_ok=True)
    for name in NAMES.values():
        os.close(os.open(f"{directory}/{name}", os.O_CREAT | os.O_WRONLY | os.O_CLOEXEC, 0o644))


def write(engine: Stores, container: Container, others: list[links.Linked]) -> None:
    """Write a container's files in place; those it shares are left alone."""
    if namespaces.joined(container.host_config.network_mode):
        return
    directory = engine.data.container(container.id)
    files.write(f"{directory}/hostname", container.config.hostname + "\n")
    files.write(f"{directory}/hosts", hosts_text(engine, container, others))
    files.write(f"{directory}/resolv.conf", resolv_text(engine, container))


def refresh(engine: Stores, container: Container) -> None:
    """Write the hosts file of a running container again, after its networks changed."""
    path = f"{engine.data.container(container.id)}/hosts"
    files.write(path, hosts_text(engine, container, linked.resolve_running(engine, container)))


def hosts_text(engine: Stores, container: Container, others: list[links.Linked]) -> str:
    """Return the text of a container's hosts file."""
    host = container.host_config
    extra = [
        pair
        for entry in host.extra_hosts or ()
        for pair in texts.extra_host(entry, _gateways(engine))
    ]
    extra += [(address, " ".join(names)) for address, names in links.hosts(others)]
    if host.network_mode == modes.HOST:
        return texts.hosts_file("", extra=extra, base=_host_text("/etc/hosts"))
    addresses = [
        address
        for settings in container.networks.values()
        for address in (settings.ip_address, settings.global_ipv6_address)
        if address
    ]
    return texts.hosts_file(
        container.config.hostname, container.config.domainname, addresses, extra
    )


def _gateways(engine: Stores) -> list[str]:
    """Return the host's addresses as containers of the default bridge see them."""
    with suppress(NotFound):
        network = engine.networks.get(modes.DEFAULT)
        return [pool.gateway for pool in network.pools if pool.gateway]
    return []


def _host_text(path: str) -> str:
    with suppress(OSError, ValueError):
        return files.read(path, limit=1 << 20).decode(errors="replace")
    return ""


def resolv_text(engine: Stores, container: Container) -> str:
    """Return the text of a container's resolv.conf."""
    host = container.host_config
    own = _host_text(texts.HOST_RESOLV_CONF)
    if texts.is_stub(own) and host.network_mode != modes.HOST:
        own = _host_text(texts.RESOLVED_RESOLV_CONF) or own
    return texts.resolv_conf(
        own,
        dns=host.dns or engine.options.dns,
        search=host.dns_search or engine.options.dns_search,
        options=host.dns_options or engine.options.dns_opts,
        host_network=host.network_mode == modes.HOST,
    )
