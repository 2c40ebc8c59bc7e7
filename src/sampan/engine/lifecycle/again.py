"""Containers that their restart policy starts when the daemon starts."""

import logging

from sampan.engine.lifecycle import restart_policy
from sampan.engine.stores import Stores
from sampan.errors import SampanError
from sampan.state.containers import Container

log = logging.getLogger(__name__)


def start_by_policy(engine: Stores) -> None:
    """Start them in the background: the API must not wait for the slowest of them."""
    for container in engine.containers:
        if container.state.running and not container.state.restarting:
            continue
        if restart_policy.at_daemon_start(
            container.host_config.restart_policy,
            container.state.exit_code,
            ever_started=container.touched,
            stopped_by_user=container.stopped_by_user,
        ):
            engine.background.start(_start(engine, container), name=f"start {container.name}")
        elif container.state.restarting:
            container.state.status = "exited"
            container.state.running = container.state.restarting = False
            engine.containers.save(container)


async def _start(engine: Stores, container: Container) -> None:
    assert engine.start_container is not None
    async with engine.live(container.id).lock:
        if container.id not in engine.containers or engine.live(container.id).handle is not None:
            return
        try:
            await engine.start_container(engine, container)
        except (SampanError, OSError) as error:
            log.warning("container %s does not start: %s", container.name, error)
