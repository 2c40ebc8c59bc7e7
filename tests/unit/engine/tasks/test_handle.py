"""The daemon's side of a monitor's talk, with the monitor's side played here."""

import asyncio
import os
import socket

import pytest

from sampan.engine.tasks import records
from sampan.engine.tasks.handle import Exit, Handle
from sampan.errors import StartFailed
from sampan.runtime import wire

LOST = Exit(exit_code=42, oom=False, at="then")


async def connected() -> tuple[Handle, socket.socket]:
    ours, theirs = wire.pair()
    return Handle(ours, lambda: LOST), theirs


def heard(sock: socket.socket) -> dict:
    received = wire.receive(sock)
    assert received is not None
    message, fds = received
    for fd in fds:
        os.close(fd)
    return message


def test_a_life_from_created_to_exited() -> None:
    async def main() -> None:
        handle, monitor = await connected()
        with monitor:
            pidfd = os.pidfd_open(os.getpid())
            wire.send(monitor, {"op": "created", "pid": 7}, (pidfd,))
            os.close(pidfd)
            await handle.created
            assert handle.pid == 7
            assert handle.pidfd >= 0
            wire.send(monitor, {"op": "ready"})
            await handle.ready
            handle.start()
            assert heard(monitor)["op"] == "start"
            wire.send(monitor, {"op": "started", "at": "now"})
            assert await handle.started == "now"
            wire.send(monitor, {"op": "exited", "exit_code": 3, "oom": True, "at": "end"})
            assert await handle.exited == Exit(3, oom=True, at="end")
            handle.forget()
            assert heard(monitor)["op"] == "forget"
        assert handle.pidfd == -1

    asyncio.run(main())


def test_a_failure_reaches_whoever_waits() -> None:
    async def main() -> None:
        handle, monitor = await connected()
        with monitor:
            wire.send(
                monitor,
                {"op": "failed", "stage": 17, "errno": 2, "message": "no", "exit_code": 127},
            )
            for future in (handle.created, handle.ready, handle.started):
                with pytest.raises(StartFailed, match="no") as caught:
                    await future
                assert caught.value.exit_code == 127
        handle.close()

    asyncio.run(main())


def test_a_monitor_that_dies_leaves_its_record() -> None:
    async def main() -> None:
        handle, monitor = await connected()
        wire.send(monitor, {"op": "started", "at": "now"})
        monitor.close()
        assert await handle.exited == LOST
        assert await handle.started == "now"

    asyncio.run(main())


def test_a_monitor_that_dies_during_the_start_fails_it() -> None:
    async def main() -> None:
        handle, monitor = await connected()
        monitor.close()
        with pytest.raises(StartFailed, match="monitor died"):
            await handle.created

    asyncio.run(main())


def test_a_late_daemon_hears_the_state_of_a_running_one() -> None:
    async def main() -> None:
        handle, monitor = await connected()
        with monitor:
            state = {"op": "state", "status": "running", "pid": 5, "started_at": "then"}
            wire.send(monitor, state)
            assert await handle.started == "then"
            assert handle.pid == 5
            assert not handle.exited.done()
        handle.close()

    asyncio.run(main())


def test_a_late_daemon_hears_of_an_end_it_missed() -> None:
    async def main() -> None:
        handle, monitor = await connected()
        with monitor:
            state = {"op": "state", "status": "stopped", "pid": 5, "started_at": "then"}
            wire.send(monitor, {**state, "exit_code": 9, "oom": False, "at": "end"})
            assert await handle.exited == Exit(9, oom=False, at="end")
        handle.close()

    asyncio.run(main())


def test_an_attached_stream_is_handed_over_with_its_descriptor() -> None:
    async def main() -> None:
        handle, monitor = await connected()
        ours, theirs = socket.socketpair()
        handle.attach(theirs, stdin=True, stdout=True, stderr=False)
        received = wire.receive(monitor)
        assert received is not None
        message, fds = received
        assert message == {"op": "attach", "stdin": True, "stdout": True, "stderr": False}
        os.write(fds[0], b"x")
        os.close(fds[0])
        assert ours.recv(1) == b"x"
        # The daemon kept no copy: the end is the end.
        assert ours.recv(1) == b""
        ours.close()
        monitor.close()
        handle.close()

    asyncio.run(main())


def test_unknown_words_are_passed_over() -> None:
    async def main() -> None:
        handle, monitor = await connected()
        with monitor:
            wire.send(monitor, {"op": "sing"})
            wire.send(monitor, {"op": "ready"})
            await handle.ready
        handle.close()

    asyncio.run(main())


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"exit_code": "x"}'])
def test_a_broken_record_is_none(tmp_path, text) -> None:
    (tmp_path / "exit.json").write_text(text)
    assert records.read(str(tmp_path)) is None


def test_a_record(tmp_path) -> None:
    (tmp_path / "exit.json").write_text('{"exit_code": 1, "oom": true, "at": "then", "pid": 1}')
    assert records.read(str(tmp_path)) == Exit(1, oom=True, at="then")
