"""Start a container's program: files, launcher, network, streams, go. The caller holds the lock."""

import asyncio
import logging
from contextlib import suppress
from functools import partial

from sampan.base import files
from sampan.base.clock import now
from sampan.engine.lifecycle import bundle, end, health, news, shared_memory, states
from sampan.engine.networking import endpoints, linked
from sampan.engine.networking import files as network_files
from sampan.engine.stores import Stores
from sampan.engine.tasks import records
from sampan.engine.tasks.handle import LOST, Exit, Handle
from sampan.engine.tasks.live import NEXT_EXIT, NOT_RUNNING
from sampan.errors import Conflict, SampanError, StartFailed, Unavailable
from sampan.network.driver import Endpoint
from sampan.runtime import wire
from sampan.state.containers import Container

log = logging.getLogger(__name__)

PATIENCE = 120  # a mount of a dead network file system hangs for ever


async def start(engine: Stores, container: Container) -> None:
    """Start a container that is not running; on failure everything is as before."""
    live = engine.live(container.id)
    if live.after_exit is not None:
        # The end before this start gives its address and ports back first.
        await asyncio.wait([live.after_exit])
    handle: Handle | None = None
    try:
        links = linked.resolve(engine, container)
        network_files.make(engine, container)
        written = await bundle.write(engine, container)
        await shared_memory.mount(engine, container)
        handle = _launch(engine, written.directory)
        async with asyncio.timeout(PATIENCE):
            # While the child makes its namespaces. The files are written in place, so that it
            # does not matter whether they are mounted yet.
            placed = await endpoints.allocate(engine, container)
            network_files.write(engine, container, links)
            await _run(engine, container, handle, placed, written.shared)
    except TimeoutError:
        await _undo(engine, container, handle)
        error = Unavailable(f"container {container.id} did not start within {PATIENCE} seconds")
        _book_failure(engine, container, error)
        raise error from None
    except (SampanError, OSError) as error:
        await _undo(engine, container, handle)
        _book_failure(engine, container, error)
        raise
    except BaseException:
        await _undo(engine, container, handle)
        raise
    _book(engine, container, handle)


def _launch(engine: Stores, directory: str) -> Handle:
    ours, theirs = wire.pair()
    engine.launcher.create(directory, theirs)
    return Handle(ours, partial(lost, directory))


async def _run(
    engine: Stores,
    container: Container,
    handle: Handle,
    placed: list[tuple[str, Endpoint]],
    shared: list[Handle],
) -> None:
    await handle.created
    # Namespaces were joined by the number of a process: had it ended before, the number could
    # be that of a process of the host by now.
    if not all(donor.is_alive() for donor in shared):
        raise Conflict("a container whose namespaces are shared ended meanwhile")
    # The network is made while the child builds its root.
    try:
        await endpoints.attach(engine, container, placed, handle.pidfd)
    except (SampanError, OSError):
        # Perhaps it failed first and took its namespace along: then it knows the reason.
        await handle.ready
        raise
    await handle.ready
    for each in engine.live(container.id).take_pending():
        handle.attach(each.stream, stdin=each.stdin, stdout=each.stdout, stderr=each.stderr)
    handle.start()
    await handle.started


def lost(directory: str) -> Exit:
    """Return how a task ended whose monitor is gone: its record, or that it was killed."""
    return records.read(directory) or LOST._replace(at=now())


def _book(engine: Stores, container: Container, handle: Handle) -> None:
    live = engine.live(container.id)
    live.handle = handle
    live.ended.clear()
    live.ran_since = asyncio.get_running_loop().time()
    states.started(
        container.state, handle.pid, handle.started_at, health=health.is_wanted(container)
    )
    container.stopped_by_user = False
    container.touched = True
    engine.containers.save(container)
    news.connected(engine, container)
    engine.events.container(container, "start")
    watch(engine, container, handle)
    health.start(engine, container)


def watch(engine: Stores, container: Container, handle: Handle) -> None:
    """Book the end when it comes."""
    handle.exited.add_done_callback(partial(_ended, engine, container, handle))


def _ended(
    engine: Stores, container: Container, handle: Handle, exited: "asyncio.Future[Exit]"
) -> None:
    if not exited.cancelled():
        end.end(engine, container, handle, exited.result())


async def _undo(engine: Stores, container: Container, handle: Handle | None) -> None:
    """Take back what a failed start made."""
    if handle is not None:
        # The monitor ends what it made when the connection goes before `start` (messages.py).
        handle.close()
    engine.live(container.id).drop_pending()
    await endpoints.detach(engine, container)
    await shared_memory.unmount(engine, container)
    # A start that failed has no end to tell. A monitor on its way out may still be writing here;
    # then the next start, or the next daemon, removes the rest.
    with suppress(OSError):
        await engine.threads.disk(files.remove_tree, engine.run.task(container.id))


def _book_failure(engine: Stores, container: Container, error: SampanError | OSError) -> None:
    code = error.exit_code if isinstance(error, StartFailed) else 128
    states.failed(container.state, code, str(error))
    engine.containers.save(container)
    live = engine.live(container.id)
    # Without an Error: who asked for the start has the reason, and the docker client would
    # print it a second time.
    live.settle((NOT_RUNNING, NEXT_EXIT), {"StatusCode": code})
    engine.events.container(container, "die", {"exitCode": str(code)})
    if container.host_config.auto_remove:
        end.remove_by_itself(engine, container, code)
