"""Taking running containers back at the daemon's start.

A monitor that lives is asked through its socket; one that is gone left an exit record, or was
killed, and its container with it. Whose record is not there any more is ended.
"""

import asyncio
import logging
import os
import socket

from sampan.base.clock import now
from sampan.engine.lifecycle import bundle, end, health, leftovers, start, states
from sampan.engine.spec import signals
from sampan.engine.stores import Stores
from sampan.engine.tasks import records
from sampan.engine.tasks.handle import Exit, Handle
from sampan.errors import SampanError
from sampan.runtime import wire
from sampan.state.containers import Container

log = logging.getLogger(__name__)

# What Docker shows for a container whose end nobody saw (a reboot, a power cut).
UNSEEN = 255
PATIENCE = 10  # seconds for a monitor to say how it is


async def all_tasks(engine: Stores) -> None:
    """Take back every task there is, and book the ends of those that are gone."""
    tasks = set(os.listdir(engine.run.tasks))
    for name in tasks:
        container = engine.containers.get(name)
        sock = _connect(engine.run.task(name))
        if sock is None:
            continue
        if container is None:
            _end_stranger(name, sock)
        else:
            await _take_back(engine, container, sock)
    for container in engine.containers:
        if container.state.running and engine.live(container.id).handle is None:
            _book_unseen(engine, container)
    for name in tasks:
        container = engine.containers.get(name)
        if container is None or engine.live(name).handle is None:
            await engine.threads.disk(leftovers.remove, engine, name)


def _connect(directory: str) -> socket.socket | None:
    try:
        return wire.connect(directory)
    except OSError:
        return None


def _end_stranger(name: str, sock: socket.socket) -> None:
    """End a task whose container was removed while nobody could tell its monitor."""
    log.warning("ending task %s, which belongs to no container", name[:12])
    with sock:
        wire.send(sock, {"op": "signal", "signal": signals.KILL})


async def _take_back(engine: Stores, container: Container, sock: socket.socket) -> None:
    directory = engine.run.task(container.id)
    handle = Handle(sock, lambda: start.lost(directory))
    try:
        async with asyncio.timeout(PATIENCE):
            await handle.started
    except (SampanError, TimeoutError):
        # It died in the middle of a start, or between our look and its answer.
        handle.close()
        return
    live = engine.live(container.id)
    live.handle = handle
    live.ended.clear()
    kept_health = container.state.health
    states.started(container.state, handle.pid, handle.started_at, health=False)
    container.state.health = kept_health
    container.touched = True
    # The kernel knows; the daemon may have been killed between freezing and writing it down.
    if bundle.cgroup(engine, container).is_frozen():
        states.paused(container.state)
    engine.containers.save(container)
    start.watch(engine, container, handle)
    health.start(engine, container)


def _book_unseen(engine: Stores, container: Container) -> None:
    """Book the end of a container that ended while the daemon was away."""
    if container.state.restarting:
        return
    how = records.read(engine.run.task(container.id)) or Exit(UNSEEN, oom=False, at=now())
    states.ended(container.state, how.exit_code, how.at, oom=how.oom)
    if container.host_config.auto_remove:
        end.remove_by_itself(engine, container, how.exit_code)
    else:
        engine.containers.save(container)
