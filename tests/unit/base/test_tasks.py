"""Owners of background work."""

import asyncio
import logging

import pytest

from sampan.base.settings import setting
from sampan.base.tasks import Tasks


def test_a_failure_is_logged_with_its_name_and_stays_alone(caplog) -> None:
    done = []

    async def fail() -> None:
        raise RuntimeError("boom")

    async def work() -> None:
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        done.append(1)

    async def main() -> None:
        owner = Tasks("test")
        owner.start(fail(), name="bad")
        owner.start(work(), name="good")
        await owner.idle()

    with caplog.at_level(logging.ERROR):
        asyncio.run(main())
    assert done == [1]
    assert "test: bad failed" in caplog.text


def test_close_cancels_what_runs() -> None:
    cancelled = []

    async def forever() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            cancelled.append(1)

    async def main() -> None:
        owner = Tasks("test")
        owner.start(forever(), name="waits")
        await asyncio.sleep(0)
        await owner.close()

    asyncio.run(main())
    assert cancelled == [1]


def test_a_setting_that_is_not_documented_cannot_be_read() -> None:
    with pytest.raises(KeyError):
        setting("SAMPAN_NOT_IN_THE_TABLE")
