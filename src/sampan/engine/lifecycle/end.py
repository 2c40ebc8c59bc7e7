"""A container's program has ended: book it at once, tell everybody, tidy up after answering.

Nothing here waits before the state is true again: booking is one turn of the event loop.
"""

import asyncio
import logging

from sampan.base import clock
from sampan.engine.lifecycle import leftovers, news, removal, restart_policy, states
from sampan.engine.networking import endpoints
from sampan.engine.stores import Stores
from sampan.engine.tasks.handle import Exit, Handle
from sampan.engine.tasks.live import NEXT_EXIT, NOT_RUNNING
from sampan.errors import SampanError
from sampan.state.containers import Container

log = logging.getLogger(__name__)


def end(engine: Stores, container: Container, handle: Handle, how: Exit) -> None:
    """Book the end of a container's program."""
    live = engine.live(container.id)
    handle.forget()
    if live.handle is not handle:
        return
    live.handle = None
    _stop_health(engine, container)
    states.ended(container.state, how.exit_code, how.at, oom=how.oom)
    if how.oom:
        engine.events.container(container, "oom")
    engine.events.container(
        container,
        "die",
        {"exitCode": str(how.exit_code), "execDuration": _duration(container)},
    )
    endpoints.clear_all(container)
    again = _wants_again(engine, container, how)
    if again:
        container.restart_count += 1
        states.restarting(container.state)
    live.after_exit = engine.teardown.start(
        _tidy(engine, container), name=f"tidy up after {container.id[:12]}"
    )
    answer = {"StatusCode": how.exit_code}
    live.end()
    if again:
        engine.containers.save(container)
        live.settle((NEXT_EXIT,), answer)
        _schedule(engine, container)
    elif container.host_config.auto_remove and not live.kept:
        live.settle((NOT_RUNNING, NEXT_EXIT), answer)
        remove_by_itself(engine, container, how.exit_code)
    else:
        engine.containers.save(container)
        live.settle((NOT_RUNNING, NEXT_EXIT), answer)


def _stop_health(engine: Stores, container: Container) -> None:
    live = engine.live(container.id)
    if live.health is not None:
        live.health.cancel()
        live.health = None


def _duration(container: Container) -> str:
    started = clock.nanoseconds(container.state.started_at)
    finished = clock.nanoseconds(container.state.finished_at)
    return str(max(0, finished - started) // clock.NANO)


def _wants_again(engine: Stores, container: Container, how: Exit) -> bool:
    return not engine.closing and restart_policy.again(
        container.host_config.restart_policy,
        how.exit_code,
        container.restart_count,
        stopped_by_user=container.stopped_by_user,
    )


async def _tidy(engine: Stores, container: Container) -> None:
    """Give back what only a running container needs."""
    # Two turns of the loop: those who were told of the end answer their clients first.
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    await endpoints.detach(engine, container)
    news.disconnected(engine, container)
    if engine.live(container.id).handle is None:
        await engine.threads.disk(leftovers.remove, engine, container.id)


def remove_by_itself(engine: Stores, container: Container, exit_code: int) -> None:
    """Remove a container that was run with --rm."""
    removal.forget(engine, container, exit_code=exit_code)
    engine.teardown.start(
        removal.erase(engine, container, volumes=True), name=f"erase {container.id[:12]}"
    )


# Starting again.


def _schedule(engine: Stores, container: Container) -> None:
    """Start a container again after the back-off."""
    live = engine.live(container.id)
    ran = asyncio.get_running_loop().time() - live.ran_since
    live.backoff = restart_policy.backoff(live.backoff, ran)
    live.restarting = engine.background.start(
        _again(engine, container, live.backoff), name=f"restart {container.id[:12]}"
    )


async def _again(engine: Stores, container: Container, delay: float) -> None:
    await asyncio.sleep(delay)
    live = engine.live(container.id)
    async with live.lock:
        live.restarting = None
        if container.id not in engine.containers or not container.state.restarting:
            return
        try:
            assert engine.start_container is not None
            await engine.start_container(engine, container)
        except (SampanError, OSError) as error:
            log.warning("container %s does not start again: %s", container.id[:12], error)


def cancel_restart(engine: Stores, container: Container) -> bool:
    """Give up a start that is waiting for its time; True when there was one."""
    live = engine.live(container.id)
    if live.restarting is None:
        return False
    live.restarting.cancel()
    live.restarting = None
    states.ended(
        container.state,
        container.state.exit_code,
        container.state.finished_at,
        oom=container.state.oom_killed,
    )
    engine.containers.save(container)
    live.settle((NOT_RUNNING,), {"StatusCode": container.state.exit_code})
    return True
