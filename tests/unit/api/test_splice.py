"""Splicing a hijacked connection with a program's streams, both ends in our hands."""

import asyncio
import socket

from sampan.api.detach_keys import DetachScanner
from sampan.api.splice import splice
from sampan.engine.streams import Attached


class Client:
    """A hijacked connection whose client is the test."""

    def __init__(self):
        self.typed = asyncio.Queue()
        self.seen = b""
        self.closed = False
        self.drained = asyncio.Event()
        self.drained.set()

    async def read(self):
        return await self.typed.get()

    def write(self, data):
        self.seen += data

    async def drain(self):
        await self.drained.wait()

    def close(self):
        self.closed = True


class Bench:
    """One splice, running."""

    def __init__(self, *, tty=False, stdin=True, detach=None, backlog=None):
        ours, self.program = socket.socketpair()
        self.program.settimeout(0)
        self.client = Client()
        attached = Attached(sock=ours, tty=tty, backlog=backlog)
        self.work = splice(self.client, attached, stdin=stdin, detach=detach)
        self.loop = asyncio.get_running_loop()

    async def __aenter__(self):
        self.task = asyncio.get_running_loop().create_task(self.work)
        return self

    async def __aexit__(self, *_exc):
        self.task.cancel()
        await asyncio.wait([self.task])
        self.program.close()

    async def program_reads(self):
        return await self.loop.sock_recv(self.program, 1000)


def test_bytes_go_both_ways_until_the_program_ends():
    async def main():
        async with asyncio.timeout(5), Bench() as bench:
            bench.client.typed.put_nowait(b"in")
            assert await bench.program_reads() == b"in"
            bench.program.send(b"out")
            bench.program.close()
            await bench.task
            assert bench.client.seen == b"out"
            assert bench.client.closed

    asyncio.run(main())


def test_the_end_of_stdin_does_not_end_the_output():
    async def main():
        async with asyncio.timeout(5), Bench() as bench:
            bench.client.typed.put_nowait(b"")
            assert await bench.program_reads() == b""
            bench.program.send(b"still here")
            bench.program.close()
            await bench.task
            assert bench.client.seen == b"still here"

    asyncio.run(main())


def test_a_client_that_leaves_ends_it():
    async def main():
        async with asyncio.timeout(5), Bench() as bench:
            bench.client.closed = True
            bench.client.typed.put_nowait(b"")
            await bench.task
            assert await bench.program_reads() == b""

    asyncio.run(main())


def test_detach_keys_end_it_and_what_was_typed_before_arrives():
    async def main():
        detach = DetachScanner(b"\x10\x11")
        async with asyncio.timeout(5), Bench(tty=True, detach=detach) as bench:
            bench.client.typed.put_nowait(b"ls\n\x10")
            bench.client.typed.put_nowait(b"\x11")
            await bench.task
            assert await bench.program_reads() == b"ls\n"
            assert bench.client.closed

    asyncio.run(main())


def test_without_stdin_what_is_typed_goes_nowhere():
    async def main():
        async with asyncio.timeout(5), Bench(stdin=False) as bench:
            bench.client.typed.put_nowait(b"lost")
            bench.client.typed.put_nowait(b"")
            bench.program.send(b"out")
            bench.program.shutdown(socket.SHUT_WR)
            await bench.task
            assert bench.client.seen == b"out"
            assert await bench.program_reads() == b""

    asyncio.run(main())


def test_the_backlog_comes_first():
    async def backlog():
        yield b"old "

    async def main():
        async with asyncio.timeout(5), Bench(backlog=backlog()) as bench:
            bench.program.send(b"new")
            bench.program.close()
            await bench.task
            assert bench.client.seen == b"old new"

    asyncio.run(main())


def test_a_slow_client_stops_the_reading():
    async def main():
        async with asyncio.timeout(5), Bench() as bench:
            bench.client.drained.clear()
            sent = 0
            for _ in range(100):
                try:
                    sent += bench.program.send(b"x" * 65536)
                except BlockingIOError:
                    await asyncio.sleep(0)
            assert len(bench.client.seen) <= 131072
            assert sent < 1_000_000

    asyncio.run(main())
