"""The server: listeners, and the tasks of all their connections.

    async with Server(handler, headers={"Server": "Sampan/0.1"}) as server:
        await server.listen(sock)
        ...

Leaving the block closes the listeners and ends streams, lets patient handlers finish for a
moment, and cancels the rest. What a handler does with a request is not known here.
"""

import asyncio
import socket
import ssl
from collections.abc import Coroutine, Mapping
from types import TracebackType
from typing import Any, Self

from sampan.http.connection import Connection
from sampan.http.head import HeadWriter
from sampan.http.messages import NO_HEADERS, Handler

BACKLOG = 1024


class Server:
    """Serves one handler on any number of listening sockets."""

    def __init__(
        self, handler: Handler, *, headers: Mapping[str, str] = NO_HEADERS, grace: float = 2.0
    ) -> None:
        self.handler = handler
        self.heads = HeadWriter(headers)
        self.connections: set[Connection] = set()
        self.closing = False
        self._grace = grace
        self._group = asyncio.TaskGroup()
        self._tasks: set[asyncio.Task[None]] = set()
        self._listeners: list[asyncio.Server] = []

    async def __aenter__(self) -> Self:
        await self._group.__aenter__()
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.close()
        await self._group.__aexit__(exc_type, exc, traceback)

    async def listen(self, sock: socket.socket, *, tls: ssl.SSLContext | None = None) -> None:
        """Accept connections on a bound socket, unix or TCP."""
        loop = asyncio.get_running_loop()
        if sock.family == socket.AF_UNIX:
            listener = await loop.create_unix_server(
                lambda: Connection(self), sock=sock, backlog=BACKLOG
            )
        else:
            listener = await loop.create_server(
                lambda: Connection(self), sock=sock, backlog=BACKLOG, ssl=tls
            )
        self._listeners.append(listener)

    def spawn(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Run a connection's task; it belongs to the server's group."""
        task = self._group.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def close(self) -> None:
        """Stop listening, end streams, wait a moment for patient handlers, cancel the rest."""
        self.closing = True
        for listener in self._listeners:
            listener.close()
        self._listeners.clear()
        for connection in list(self.connections):
            connection.close_soon()
        if self._tasks:
            await asyncio.wait(list(self._tasks), timeout=self._grace)
        for connection in list(self.connections):
            connection.abort()
        for task in list(self._tasks):
            task.cancel()
