"""Change limits and restart policy of a container, also while it runs."""

import copy
from typing import Any

from sampan.engine import find, machine
from sampan.engine.engine import Engine
from sampan.engine.lifecycle import bundle, end, host_devices
from sampan.engine.spec.resources import resources
from sampan.engine.spec.validate import limits
from sampan.engine.spec.validate.config import check_restart
from sampan.errors import Conflict, InvalidRequest
from sampan.schema.container import ContainerUpdate
from sampan.schema.host_config import HostConfig, Resources
from sampan.state.containers import Container

# What can be changed; everything else of Resources is for the next container.
CHANGEABLE = (
    "cpu_shares", "memory", "nano_cpus", "blkio_weight", "cpu_period", "cpu_quota",
    "cpu_realtime_period", "cpu_realtime_runtime", "cpuset_cpus", "cpuset_mems",
    "memory_reservation", "memory_swap", "pids_limit",
)  # fmt: skip


async def update(engine: Engine, ref: str, changes: ContainerUpdate) -> dict[str, Any]:
    """Change a container; answer {Warnings}."""
    container = find.container(engine, ref)
    async with find.locked(engine, container):
        if container.removing:
            raise Conflict(f"container {container.id} is marked for removal")
        host = copy.copy(container.host_config)
        _merge(host, changes)
        warnings = limits.check_limits(
            host, machine.limits_of(engine.facts, engine.hierarchy), update=True
        )
        _change_policy(host, changes)
        if container.state.running and not container.state.restarting:
            warnings += await _apply(engine, container, host)
        container.host_config = host
        engine.containers.save(container)
    if host.restart_policy.name in {"", "no"}:
        end.cancel_restart(engine, container)
    engine.events.container(container, "update")
    return {"Warnings": warnings}


def _merge(host: HostConfig, changes: Resources) -> None:
    """Put what is given into host; conflicts as in moby's UpdateContainer."""
    if changes.nano_cpus and (host.cpu_period or host.cpu_quota):
        raise InvalidRequest(
            "Conflicting options: Nano CPUs cannot be updated as CPU Period has already been set"
        )
    if (changes.cpu_period or changes.cpu_quota) and host.nano_cpus:
        raise InvalidRequest(
            "Conflicting options: CPU Period cannot be updated as NanoCPUs has already been set"
        )
    if changes.memory and not changes.memory_swap and 0 < host.memory_swap < changes.memory:
        raise InvalidRequest(
            "Memory limit should be smaller than already set memoryswap limit, "
            "update the memoryswap at the same time"
        )
    for name in CHANGEABLE:
        value = getattr(changes, name)
        if value:
            setattr(host, name, value)


def _change_policy(host: HostConfig, changes: ContainerUpdate) -> None:
    policy = changes.restart_policy
    if policy is None or not policy.name:
        return
    check_restart(policy)
    if host.auto_remove and policy.name != "no":
        raise InvalidRequest(
            "Restart policy cannot be updated because AutoRemove is enabled for the container"
        )
    host.restart_policy = policy


async def _apply(engine: Engine, container: Container, host: HostConfig) -> list[str]:
    """Let the kernel know; its refusals are the caller's to hear."""
    wanted = resources(host, host_devices.number)
    group = bundle.cgroup(engine, container)
    try:
        return await engine.threads.disk(group.update, wanted)
    except OSError as error:
        raise Conflict(f"Cannot update container {container.id}: {error}") from error
