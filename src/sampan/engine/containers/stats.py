"""Read what a container uses, once or every second."""

import asyncio
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any

from sampan.engine import find
from sampan.engine.documents import stats as documents
from sampan.engine.engine import Engine
from sampan.engine.lifecycle import bundle
from sampan.state.containers import Container

if TYPE_CHECKING:
    from sampan.cgroup.stats import Stats

INTERVAL = 1.0


async def stats(
    engine: Engine, ref: str, *, stream: bool = True, one_shot: bool = False
) -> AsyncIterator[dict[str, Any]]:
    """Give Docker's stats documents.

    Without stream one document, which compares two readings unless one_shot is asked for.
    """
    container = find.container(engine, ref)
    return _stream(engine, container) if stream else _once(engine, container, one_shot=one_shot)


async def _once(
    engine: Engine, container: Container, *, one_shot: bool
) -> AsyncIterator[dict[str, Any]]:
    before = await _read(engine, container)
    if not one_shot and before is not None:
        await asyncio.sleep(INTERVAL)
        now = await _read(engine, container)
        yield documents.document(container, now, before, engine.facts.cpus)
    else:
        yield documents.document(container, before, None, engine.facts.cpus)


async def _stream(engine: Engine, container: Container) -> AsyncIterator[dict[str, Any]]:
    before: documents.Reading | None = None
    while container.id in engine.containers:
        now = await _read(engine, container)
        yield documents.document(container, now, before, engine.facts.cpus)
        before = now
        await asyncio.sleep(INTERVAL)


async def _read(engine: Engine, container: Container) -> documents.Reading | None:
    """Read the counters; None while the container does not run."""
    live = engine.live(container.id)
    if live.handle is None:
        return None
    return await engine.threads.disk(
        _read_all, bundle.cgroup(engine, container).stats, live.handle.pid
    )


def _read_all(counters: "documents.Counters", pid: int) -> documents.Reading | None:
    try:
        found: Stats = counters()
    except FileNotFoundError:
        return None  # it ended meanwhile
    return documents.Reading(found, documents.host_cpu(), documents.interfaces(pid))
