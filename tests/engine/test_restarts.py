"""Restart policies, health and engines that come and go."""

import asyncio
import os
import signal
from pathlib import Path

from tests.engine.conftest import wish

from sampan.engine.containers.create import create
from sampan.engine.containers.inspect import inspect
from sampan.engine.containers.start import start
from sampan.engine.containers.stop import stop
from sampan.engine.containers.wait import wait
from sampan.schema.container_config import HealthConfig
from sampan.schema.host_config import RestartPolicy

MILLISECOND = 1_000_000


async def event(engine, action: str, times: int = 1) -> dict:
    """Wait until an event was told that many times."""
    with engine.events.listen() as listener:
        known = [
            each for each in engine.events.ring.between(0, 2**63 - 1) if each["Action"] == action
        ]
        if len(known) >= times:
            return known[times - 1]
        left = times - len(known)
        async with asyncio.timeout(20):
            async for each in listener:
                left -= each["Action"] == action
                if not left:
                    return each
    raise AssertionError(action)


def test_on_failure_gives_up_after_its_tries(bench) -> None:
    async def work(engine):
        policy = RestartPolicy(name="on-failure", maximum_retry_count=2)
        made = await create(engine, wish("sh", "-c", "exit 3", restart_policy=policy))
        done = await wait(engine, made["Id"], condition="next-exit")
        await start(engine, made["Id"])
        assert (await done)["StatusCode"] == 3
        await event(engine, "die", 3)
        found = await inspect(engine, made["Id"])
        assert found["RestartCount"] == 2
        assert found["State"]["Status"] == "exited"
        assert (await (await wait(engine, made["Id"])))["StatusCode"] == 3

    bench.run(work)


def test_stop_ends_the_policys_say_also_between_two_starts(bench) -> None:
    async def work(engine):
        policy = RestartPolicy(name="always")
        made = await create(engine, wish("false", restart_policy=policy))
        await start(engine, made["Id"])
        await event(engine, "die", 2)
        stopped = await wait(engine, made["Id"])
        await stop(engine, made["Id"], grace=0)
        await stopped
        found = await inspect(engine, made["Id"])
        assert found["State"]["Status"] == "exited"
        assert engine.live(made["Id"]).restarting is None

    bench.run(work)


def test_health_goes_from_starting_to_bad_to_good(bench) -> None:
    async def work(engine):
        check = HealthConfig(
            test=["CMD-SHELL", "echo seen; test -e /ok"],
            interval=50 * MILLISECOND,
            retries=2,
        )
        script = "trap 'touch /ok' USR1; while :; do sleep 600 & wait; done"
        made = await create(engine, wish("sh", "-c", script, healthcheck=check))
        await start(engine, made["Id"])
        assert (await inspect(engine, made["Id"]))["State"]["Health"]["Status"] == "starting"
        await event(engine, "health_status: unhealthy")
        os.kill(engine.containers.resolve(made["Id"]).state.pid, signal.SIGUSR1)
        await event(engine, "health_status: healthy")
        health = (await inspect(engine, made["Id"]))["State"]["Health"]
        assert health["FailingStreak"] == 0
        assert health["Log"][-1]["Output"] == "seen\n"
        assert len(health["Log"]) <= 5

    bench.run(work)


def test_a_check_that_hangs_is_a_failure(bench) -> None:
    async def work(engine):
        check = HealthConfig(
            test=["CMD", "sleep", "600"],
            interval=20 * MILLISECOND,
            timeout=100 * MILLISECOND,
            retries=1,
        )
        made = await create(engine, wish("sleep", "600", healthcheck=check))
        await start(engine, made["Id"])
        await event(engine, "health_status: unhealthy")
        health = (await inspect(engine, made["Id"]))["State"]["Health"]
        assert health["Log"][0]["ExitCode"] == -1
        assert "exceeded timeout" in health["Log"][0]["Output"]

    bench.run(work)


def test_running_containers_are_taken_back_and_their_end_is_seen(bench) -> None:
    async def first(engine):
        made = await create(engine, wish("sleep", "600"), name="kept")
        await start(engine, made["Id"])
        return (await inspect(engine, "kept"))["State"]

    before = bench.run(first)

    async def second(engine):
        assert (await inspect(engine, "kept"))["State"] == before
        done = await wait(engine, "kept")
        await stop(engine, "kept", grace=0)
        assert (await done)["StatusCode"] == 137
        await engine.teardown.idle()
        assert os.listdir(engine.run.tasks) == []

    bench.run(second)


def test_an_end_between_two_engines_is_booked_and_policies_apply(bench) -> None:
    async def first(engine):
        policies = {"once": "no", "always": "always", "stopped": "unless-stopped"}
        for name, policy in policies.items():
            request = wish("sleep", "600", restart_policy=RestartPolicy(name=policy))
            await create(engine, request, name=name)
            await start(engine, name)
        await stop(engine, "stopped", grace=0)
        return [engine.containers.resolve(name).state.pid for name in ("once", "always")]

    pids = bench.run(first)
    pidfds = [os.pidfd_open(pid) for pid in pids]
    for pidfd in pidfds:
        signal.pidfd_send_signal(pidfd, signal.SIGKILL)

    async def second(engine):
        assert (await inspect(engine, "once"))["State"]["ExitCode"] == 137
        assert (await inspect(engine, "stopped"))["State"]["Status"] == "exited"
        await event(engine, "start")
        assert (await inspect(engine, "always"))["State"]["Running"]
        await stop(engine, "always", grace=0)

    async def gone():
        loop = asyncio.get_running_loop()
        for pidfd in pidfds:
            done = asyncio.Event()
            loop.add_reader(pidfd, done.set)
            await done.wait()
            loop.remove_reader(pidfd)
            os.close(pidfd)

    asyncio.run(gone())
    bench.run(second)


def test_rm_while_the_engine_was_away_leaves_nothing(bench) -> None:
    async def first(engine):
        made = await create(engine, wish("sleep", "600", auto_remove=True))
        await start(engine, made["Id"])
        pid = engine.containers.resolve(made["Id"]).state.pid
        return made["Id"], pid

    identity, pid = bench.run(first)
    os.kill(pid, signal.SIGKILL)

    async def second(engine):
        if identity in engine.containers:
            await (await wait(engine, identity, condition="removed"))
        await engine.teardown.idle()
        assert identity not in engine.containers
        assert engine.snapshots.snapshots() == []
        assert os.listdir(engine.data.containers) == []

    bench.run(second)


def test_shared_memory_of_a_container_that_ended_unseen_is_unmounted(bench) -> None:
    async def first(engine):
        made = await create(engine, wish("sleep", "600", ipc_mode="shareable"))
        await start(engine, made["Id"])
        return engine.containers.resolve(made["Id"]).state.pid

    os.kill(bench.run(first), signal.SIGKILL)

    async def second(engine):
        await engine.teardown.idle()
        assert os.listdir(engine.run.tasks) == []

    bench.run(second)
    assert str(bench.root) not in Path("/proc/self/mountinfo").read_text()


def test_without_live_restore_containers_are_stopped_and_started_again(bench) -> None:
    async def first(engine):
        request = wish("sleep", "600", restart_policy=RestartPolicy(name="unless-stopped"))
        made = await create(engine, request, name="back")
        await start(engine, made["Id"])
        return engine.containers.resolve("back").state.pid

    pid = bench.run(first, live_restore=False, shutdown_timeout=0)
    assert not os.path.exists(f"/proc/{pid}")

    async def second(engine):
        await event(engine, "start")
        assert (await inspect(engine, "back"))["State"]["Running"]
        await stop(engine, "back", grace=0)

    bench.run(second)


def test_what_a_killed_engine_forgot_to_erase_is_erased(bench) -> None:
    async def first(engine):
        made = await create(engine, wish("true"))
        container = engine.containers.resolve(made["Id"])
        os.makedirs(engine.data.container(container.id))
        engine.containers.delete(container)

    bench.run(first)

    async def second(engine):
        assert engine.snapshots.snapshots() == []
        assert os.listdir(engine.data.containers) == []

    bench.run(second)
