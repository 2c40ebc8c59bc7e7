"""The engine's start and end: what runs is taken back, leftovers go, policies apply."""

import asyncio
import logging
import os
import uuid

from sampan.base import files
from sampan.engine.lifecycle import again, reconnect, stop
from sampan.engine.stores import Stores
from sampan.errors import SampanError

log = logging.getLogger(__name__)


async def start(engine: Stores) -> None:
    """Bring the engine up. The order matters: networks before containers are taken back."""
    for directory, mode in (
        (engine.data.containers, 0o710),
        (engine.data.volumes, 0o701),
        (engine.run.tasks, 0o711),
        (engine.run.seccomp, 0o700),
    ):
        os.makedirs(directory, mode=mode, exist_ok=True)
    engine.identity = _identity(engine.data.engine_id)
    engine.launcher.start()
    await engine.threads.net(engine.networks.ensure_defaults)
    await reconnect.all_tasks(engine)
    running = [each.id for each in engine.containers if each.state.running]
    await engine.threads.net(engine.networks.restore, running)
    await engine.threads.disk(_remove_leftovers, engine, {each.id for each in engine.containers})
    again.start_by_policy(engine)
    engine.background.start(_heed_networks(engine), name="network news")


async def _heed_networks(engine: Stores) -> None:
    """Let the network room repair what others did to it (`nft flush ruleset`)."""
    loop = asyncio.get_running_loop()
    news = asyncio.Event()
    fd = engine.networks.watch()
    if fd < 0:
        return
    loop.add_reader(fd, news.set)
    try:
        while True:
            await news.wait()
            # heed() takes the news off fd; what comes meanwhile sets the event again.
            loop.remove_reader(fd)
            news.clear()
            await engine.threads.net(engine.networks.heed)
            loop.add_reader(fd, news.set)
    finally:
        loop.remove_reader(fd)


def _identity(path: str) -> str:
    """Return the id of this data root, made at its first use."""
    try:
        return files.read(path, limit=1024).decode().strip()
    except FileNotFoundError:
        files.replace(path, str(uuid.uuid4()) + "\n")
        return _identity(path)


def _remove_leftovers(engine: Stores, known: set[str]) -> None:
    """Remove what a killed daemon had forgotten but not erased yet."""
    for key in engine.snapshots.snapshots():
        if key not in known:
            engine.snapshots.remove(key)
    for name in os.listdir(engine.data.containers):
        if name not in known:
            files.remove_tree(f"{engine.data.containers}/{name}")


async def shutdown(engine: Stores) -> None:
    """Bring the engine down; what runs goes on under its monitors."""
    engine.closing = True
    if not engine.options.live_restore:
        await _stop_all(engine)
    await engine.background.close()
    await engine.teardown.idle()
    engine.events.close()
    for container in engine.containers:
        live = engine.live(container.id)
        if live.handle is not None:
            live.handle.close()
        live.drop_pending()
    for handle in engine.exec_handles.values():
        handle.close()
    engine.launcher.close()
    engine.images.settle()
    engine.threads.close()
    engine.networks.close()
    engine.database.close()


async def _stop_all(engine: Stores) -> None:
    running = [each for each in engine.containers if each.state.running]
    grace = engine.options.shutdown_timeout
    results = await asyncio.gather(
        *(stop.for_shutdown(engine, each, grace) for each in running), return_exceptions=True
    )
    for container, result in zip(running, results, strict=True):
        if isinstance(result, SampanError | OSError):
            log.warning("container %s does not stop: %s", container.id[:12], result)
