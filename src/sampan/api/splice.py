"""Copying between a hijacked connection and a program's streams, until one of them ends.

The monitor has framed the program's output already, so this only moves bytes. Backpressure
is that of the sockets: a slow client stops the reading of the program's stream, a program
that does not read stops the reading of the client.
"""

import asyncio
import socket
from typing import Protocol

from sampan.api.detach_keys import DetachScanner
from sampan.engine.streams import Attached

CHUNK = 128 * 1024
# A stream that never has to wait would keep the event loop to itself.
YIELD_EVERY = 1024 * 1024


class Connection(Protocol):
    """A hijacked connection, or a websocket that looks like one."""

    async def read(self) -> bytes:
        """The next bytes; b"" at the client's end."""

    def write(self, data: bytes) -> None:
        """Send bytes."""

    async def drain(self) -> None:
        """Wait for a slow client."""

    @property
    def closed(self) -> bool:
        """Whether the client is gone."""

    def close(self) -> None:
        """End both sides."""


async def splice(
    connection: Connection, attached: Attached, *, stdin: bool, detach: DetachScanner | None
) -> None:
    """Copy both ways; returns when the program's output ends, or the client is gone or detaches.

    Without stdin, what the client sends is thrown away. detach is given for terminals only.
    Closes both the connection and the program's stream.
    """
    sock = attached.sock
    try:
        if attached.backlog is not None:
            async for chunk in attached.backlog:
                connection.write(chunk)
                await connection.drain()
        if sock is not None:
            sock.settimeout(0)
            async with asyncio.TaskGroup() as group:
                output = group.create_task(_output(sock, connection))
                keys = group.create_task(
                    _input(connection, sock, detach) if stdin else _watch(connection)
                )
                # Without its input a stream may go on; without its output it is over, and
                # a client that left or detached ends both.
                output.add_done_callback(lambda _done: keys.cancel())
                keys.add_done_callback(lambda done: output.cancel() if _over(done) else None)
            if attached.ended is not None and not (output.cancelled() or connection.closed):
                await asyncio.wait((attached.ended,))
    finally:
        connection.close()
        if sock is not None:
            sock.close()


def _over(keys: "asyncio.Task[bool]") -> bool:
    return keys.cancelled() or keys.exception() is not None or keys.result()


async def _output(sock: socket.socket, connection: Connection) -> None:
    loop = asyncio.get_running_loop()
    since_yield = 0
    while True:
        try:
            data = await loop.sock_recv(sock, CHUNK)
        except ConnectionResetError:
            return
        if not data or connection.closed:
            return
        connection.write(data)
        await connection.drain()
        since_yield += len(data)
        if since_yield >= YIELD_EVERY:
            since_yield = 0
            await asyncio.sleep(0)


async def _input(connection: Connection, sock: socket.socket, detach: DetachScanner | None) -> bool:
    """Pass stdin on; True when the attach is over, False when only the input has ended."""
    loop = asyncio.get_running_loop()
    try:
        while data := await connection.read():
            if detach is not None:
                data = detach.feed(data)
            if data:
                await loop.sock_sendall(sock, data)
            if detach is not None and detach.detached:
                return True
        if connection.closed:
            return True
        sock.shutdown(socket.SHUT_WR)
    except OSError:
        # The program no longer reads; what it still writes is wanted nevertheless.
        return connection.closed
    return False


async def _watch(connection: Connection) -> bool:
    """Wait for the client to leave; its ending only its side means nothing here."""
    while await connection.read():
        pass
    return connection.closed
