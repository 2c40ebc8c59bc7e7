"""Streams between loop and threads."""

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator

import pytest

from sampan.engine.bridges import Abandoned, Put, Upload, iterate, produce
from sampan.engine.threads import Threads
from sampan.errors import InvalidRequest


@pytest.fixture
def threads():
    made = Threads()
    yield made
    made.close()


def test_blocks_come_in_order_and_end(threads) -> None:
    def work(put: Put) -> None:
        for number in range(100):
            put(b"%d," % number)

    async def main() -> bytes:
        return b"".join([block async for block in produce(threads, work)])

    assert asyncio.run(main()) == b"".join(b"%d," % number for number in range(100))


def test_an_error_comes_after_the_blocks_before_it(threads) -> None:
    def work(put: Put) -> None:
        put(b"first")
        raise InvalidRequest("broken")

    async def main() -> list[bytes]:
        stream = produce(threads, work)
        seen = [await anext(stream)]
        with pytest.raises(InvalidRequest, match="broken"):
            await anext(stream)
        return seen

    assert asyncio.run(main()) == [b"first"]


def test_a_reader_who_leaves_ends_the_work(threads) -> None:
    ended = threading.Event()

    def work(put: Put) -> None:
        try:
            while True:
                put(b"x")
        except Abandoned:
            ended.set()
            raise

    async def main() -> None:
        stream = produce(threads, work)
        assert await anext(stream) == b"x"
        await stream.aclose()  # type: ignore[attr-defined]

    asyncio.run(main())
    assert ended.is_set()


def test_a_slow_reader_holds_the_work_up(threads) -> None:
    put_so_far = []

    def work(put: Put) -> None:
        for number in range(50):
            put(b"x")
            put_so_far.append(number)

    async def main() -> None:
        stream = produce(threads, work)
        await anext(stream)
        await threads.disk(lambda: None)
        assert len(put_so_far) < 20
        assert len([block async for block in stream]) == 49

    asyncio.run(main())


def test_an_iterator_is_closed_when_its_reader_leaves(threads) -> None:
    closed = []

    def numbers() -> Iterator[int]:
        try:
            yield from range(10)
        finally:
            closed.append(1)

    async def main() -> None:
        stream = iterate(threads, numbers())
        assert await anext(stream) == 0
        await stream.aclose()  # type: ignore[attr-defined]

    asyncio.run(main())
    assert closed == [1]


async def body(*pieces: bytes, error: Exception | None = None) -> AsyncIterator[bytes]:
    for piece in pieces:
        yield piece
    if error:
        raise error


def test_an_upload_is_read_in_any_sizes(threads) -> None:
    async def main() -> bytes:
        async with Upload(body(b"abc", b"", b"defgh")) as upload:
            return await threads.alone(
                lambda: upload.read(2) + b"|" + upload.read(5) + b"|" + upload.read()
            )

    assert asyncio.run(main()) == b"ab|c|defgh"


def test_more_than_fits_waits_for_the_reader(threads) -> None:
    async def main() -> int:
        async with Upload(body(*[b"x" * 10] * 500)) as upload:
            return len(await threads.alone(upload.read))

    assert asyncio.run(main()) == 5000


def test_a_cut_upload_is_an_error_not_an_end(threads) -> None:
    async def main() -> None:
        async with Upload(body(b"abc", error=ConnectionResetError())) as upload:
            with pytest.raises(InvalidRequest, match="cut short"):
                await threads.alone(upload.read)

    asyncio.run(main())


def test_leaving_early_is_fine(threads) -> None:
    async def main() -> None:
        async with Upload(body(*[b"x"] * 1000)) as upload:
            assert await threads.alone(upload.read, 1) == b"x"

    asyncio.run(main())
