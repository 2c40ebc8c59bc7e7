"""Verbs at the same time: the state is right whoever comes first."""

import asyncio

from tests.engine.conftest import wish

from sampan.engine.containers.create import create
from sampan.engine.containers.inspect import inspect
from sampan.engine.containers.kill import kill
from sampan.engine.containers.list_ import list_
from sampan.engine.containers.pause import pause
from sampan.engine.containers.remove import remove
from sampan.engine.containers.restart import restart
from sampan.engine.containers.start import start
from sampan.engine.containers.stop import stop
from sampan.engine.containers.wait import wait
from sampan.engine.exec.create import create as create_exec
from sampan.engine.exec.start import start as start_exec
from sampan.errors import Conflict, NotFound, NotModified
from sampan.schema.container import ExecCreate, ExecStart


async def settled(*calls):
    return await asyncio.gather(*calls, return_exceptions=True)


def test_one_of_two_creates_gets_the_name(bench) -> None:
    async def work(engine):
        results = await settled(*(create(engine, wish("true"), name="same") for _ in range(5)))
        assert sum(isinstance(each, dict) for each in results) == 1
        assert sum(isinstance(each, Conflict) for each in results) == 4
        assert len(engine.snapshots.snapshots()) == 1

    bench.run(work)


def test_one_of_many_starts_starts_it(bench) -> None:
    async def work(engine):
        made = await create(engine, wish("sleep", "60"))
        results = await settled(*(start(engine, made["Id"]) for _ in range(5)))
        assert results.count(None) == 1
        assert sum(isinstance(each, NotModified) for each in results) == 4

    bench.run(work)


def test_a_forced_removal_does_not_wait_for_a_stop(bench) -> None:
    async def work(engine):
        made = await create(engine, wish("sh", "-c", "trap '' TERM; sleep 60 & wait; wait"))
        await start(engine, made["Id"])
        async with asyncio.timeout(5):
            await settled(
                stop(engine, made["Id"], grace=60), remove(engine, made["Id"], force=True)
            )
        assert len(engine.containers) == 0

    bench.run(work)


def test_everything_at_once_ends_in_one_state(bench) -> None:
    async def work(engine):
        made = await create(engine, wish("sleep", "60"))
        identity = made["Id"]
        await settled(
            start(engine, identity),
            stop(engine, identity, grace=0),
            restart(engine, identity, grace=0),
            kill(engine, identity),
            start(engine, identity),
            restart(engine, identity, grace=0),
        )
        found = await inspect(engine, identity)
        assert found["State"]["Running"] is (found["State"]["Pid"] != 0)
        await remove(engine, identity, force=True)
        assert await list_(engine, all_=True) == []

    bench.run(work)


def test_twenty_at_once_run_and_go(bench) -> None:
    async def one(engine):
        made = await create(engine, wish("true", auto_remove=True))
        gone = await wait(engine, made["Id"], condition="removed")
        await start(engine, made["Id"])
        return await gone

    async def work(engine):
        answers = await asyncio.gather(*(one(engine) for _ in range(20)))
        assert [answer["StatusCode"] for answer in answers] == [0] * 20
        await engine.teardown.idle()
        assert engine.snapshots.snapshots() == []
        assert len(engine.containers) == 0

    bench.run(work)


def test_a_removed_container_is_gone_for_those_who_waited_for_its_lock(bench) -> None:
    async def work(engine):
        made = await create(engine, wish("sleep", "60"))
        await start(engine, made["Id"])
        results = await settled(
            remove(engine, made["Id"], force=True), restart(engine, made["Id"], grace=0)
        )
        assert len(engine.containers) in (0, 1)
        if isinstance(results[1], NotFound):
            assert len(engine.containers) == 0

    bench.run(work)


def test_pausing_what_ends_at_the_same_time_is_a_conflict(bench) -> None:
    async def work(engine):
        for _ in range(20):
            made = await create(engine, wish("sleep", "60"))
            await start(engine, made["Id"])
            killed, paused = await settled(
                kill(engine, made["Id"], signal="KILL"), pause(engine, made["Id"])
            )
            assert killed is None or isinstance(killed, Conflict)
            assert paused is None or isinstance(paused, Conflict)
            await remove(engine, made["Id"], force=True)

    bench.run(work)


def test_an_exec_in_what_ends_at_the_same_time_is_a_conflict(bench) -> None:
    async def work(engine):
        for _ in range(20):
            made = await create(engine, wish("sleep", "60"))
            await start(engine, made["Id"])
            each = await create_exec(engine, made["Id"], ExecCreate(cmd=["true"]))
            ran, killed = await settled(
                start_exec(engine, each["Id"], ExecStart(detach=True)),
                kill(engine, made["Id"], signal="KILL"),
            )
            assert killed is None
            assert ran is None or isinstance(ran, Conflict)
            await remove(engine, made["Id"], force=True)

    bench.run(work)
