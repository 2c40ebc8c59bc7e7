"""Checks of a container's config and of options that exclude each other."""

import re

from sampan.engine.spec import capabilities, devices, namespaces, security
from sampan.engine.spec.signals import number
from sampan.errors import InvalidRequest
from sampan.schema.container_config import ContainerConfig, HealthConfig
from sampan.schema.host_config import HostConfig, RestartPolicy

NAME = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9_.-]+\Z")
MILLISECOND = 1_000_000


def check_name(name: str) -> str:
    """Return a container's name without its slash; InvalidRequest when it cannot be one."""
    bare = name.removeprefix("/")
    if not NAME.match(bare):
        raise InvalidRequest(
            f"Invalid container name ({name}), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed"
        )
    return bare


def check_config(config: ContainerConfig) -> None:
    """Check what is portable."""
    if config.working_dir and not config.working_dir.startswith("/"):
        raise InvalidRequest(
            f"the working directory '{config.working_dir}' is invalid, it needs to be an "
            "absolute path"
        )
    for word in config.env or ():
        if not word.partition("=")[0]:
            raise InvalidRequest(f"invalid environment variable: {word}")
    if config.stop_signal:
        number(config.stop_signal)
    if config.healthcheck is not None:
        check_health(config.healthcheck)


def check_health(health: HealthConfig) -> None:
    """Check a health check's times."""
    for name, value in (
        ("Interval", health.interval),
        ("Timeout", health.timeout),
        ("StartPeriod", health.start_period),
        ("StartInterval", health.start_interval),
    ):
        if value and value < MILLISECOND:
            raise InvalidRequest(f"{name} in Healthcheck cannot be less than 1ms")
    if health.retries < 0:
        raise InvalidRequest("Retries in Healthcheck cannot be negative")
    if health.test and health.test[0] not in {"", "NONE", "CMD", "CMD-SHELL"}:
        raise InvalidRequest(f"Unknown healthcheck type '{health.test[0]}' (expected 'CMD')")


def check_host(host: HostConfig) -> None:
    """Check what depends on the host, but not on what this host has."""
    check_restart(host.restart_policy)
    if host.auto_remove and host.restart_policy.name not in {"", "no"}:
        raise InvalidRequest("can't create 'AutoRemove' container with restart policy")
    namespaces.check_modes(host)
    capabilities.normalize(host.cap_add)
    capabilities.normalize(host.cap_drop)
    security.parse(host.security_opt)
    for rule in host.device_cgroup_rules or ():
        devices.parse_rule(rule)
    _check_absent(host)
    for entry in host.extra_hosts or ():
        if ":" not in entry and "=" not in entry:
            raise InvalidRequest(f'bad format for add-host: "{entry}"')
    for path in (*(host.masked_paths or ()), *(host.readonly_paths or ())):
        if not path.startswith("/"):
            raise InvalidRequest(f"invalid path '{path}': mask and read-only paths are absolute")


def _check_absent(host: HostConfig) -> None:
    """Refuse limits and walls that nothing here would put up."""
    if host.isolation not in {"", "default"}:
        raise InvalidRequest(
            f"invalid --isolation: '{host.isolation}' - linux only supports 'default'"
        )
    if host.storage_opt:
        raise InvalidRequest(
            "--storage-opt is not supported: no storage driver here limits a container's size"
        )


def check_restart(policy: RestartPolicy) -> None:
    """Check a restart policy."""
    if policy.name not in {"", "no", "always", "on-failure", "unless-stopped"}:
        raise InvalidRequest(
            f"invalid restart policy: unknown policy '{policy.name}'; "
            "use one of 'no', 'always', 'on-failure', or 'unless-stopped'"
        )
    if policy.maximum_retry_count < 0:
        raise InvalidRequest("invalid restart policy: maximum retry count cannot be negative")
    if policy.maximum_retry_count and policy.name != "on-failure":
        raise InvalidRequest(
            "invalid restart policy: maximum retry count can only be used with 'on-failure'"
        )


def check_network_conflicts(config: ContainerConfig, host: HostConfig) -> None:
    """Refuse options that the network mode leaves no room for (moby, runconfig)."""
    shared = namespaces.joined(host.network_mode) is not None
    on_host = host.network_mode == namespaces.HOST
    if (shared or host.uts_mode == namespaces.HOST) and config.hostname:
        what = "network" if shared else "UTS"
        raise InvalidRequest(f"conflicting options: hostname and the {what} mode")
    if host.links and (on_host or shared):
        kind = "host" if on_host else "container"
        raise InvalidRequest(
            f"conflicting options: {kind} type networking can't be used with links. This would "
            "result in undefined behavior"
        )
    if not shared:
        return
    for what, given in (
        ("dns and the network mode", host.dns),
        ("custom host-to-IP mapping and the network mode", host.extra_hosts),
        ("mac-address and the network mode", config.mac_address),
        ("port publishing and the container type network mode", host.port_bindings),
        ("port publishing and the container type network mode", host.publish_all_ports),
        ("port exposing and the container type network mode", config.exposed_ports),
    ):
        if given:
            raise InvalidRequest(f"conflicting options: {what}")
