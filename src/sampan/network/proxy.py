"""A TCP proxy for the published ports that the packet filter cannot redirect.

One thread for all of them, started with the first: it accepts, connects to the container and
splices both ways through pipes, so that bytes never enter Python. Its sockets live in the
network namespace of the thread that opened them; connections end with the daemon.
"""

import os
import select
import socket
import threading
from collections.abc import Callable

Key = tuple[str, str, int]
Target = tuple[str, int]

_CHUNK = 65536  # a pipe's capacity, unless somebody changes it


class Proxy:
    """Listeners and their targets. serve() and stop() may be called from any thread.

    The lock is held while events are handled, none of which block; epoll itself may be changed
    while the thread waits in it (epoll_ctl(2)).
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._epoll: select.epoll | None = None
        self._thread: threading.Thread | None = None
        self._wake = -1
        self._handlers: dict[int, Callable[[int], None]] = {}
        self._listeners: dict[Key, socket.socket] = {}
        self._pairs: set[_Pair] = set()

    def serve(self, key: Key, listener: socket.socket, target: Target) -> None:
        """Pass connections to a listening socket on. The socket stays the caller's."""
        listener.settimeout(0)
        with self._lock:
            self._listeners[key] = listener
            self._watch(listener.fileno(), select.EPOLLIN, lambda _: self._accept(key, target))
            if self._thread is None:
                self._wake = os.eventfd(0, os.EFD_CLOEXEC)
                self._watch(self._wake, select.EPOLLIN, lambda _: None)
                self._thread = threading.Thread(target=self._run, name="port-proxy", daemon=True)
                self._thread.start()

    def stop(self, key: Key) -> None:
        """Stop accepting on a port; connections that are open go on until they end."""
        with self._lock:
            listener = self._listeners.pop(key, None)
            if listener is not None:
                self._unwatch(listener.fileno())

    def close(self) -> None:
        """End all connections and the thread."""
        if self._thread is None:
            return
        with self._lock:
            for key in list(self._listeners):
                self._unwatch(self._listeners.pop(key).fileno())
            for pair in list(self._pairs):
                self._end(pair)
            self._handlers.clear()
            os.eventfd_write(self._wake, 1)
        self._thread.join()
        self._thread = None
        os.close(self._wake)
        if self._epoll is not None:
            self._epoll.close()
            self._epoll = None

    def _run(self) -> None:
        assert self._epoll is not None
        while True:
            events = self._epoll.poll()
            with self._lock:
                if not self._handlers:
                    return
                for fd, mask in events:
                    handler = self._handlers.get(fd)
                    if handler is not None:
                        handler(mask)

    def _watch(self, fd: int, mask: int, handler: Callable[[int], None]) -> None:
        if self._epoll is None:
            self._epoll = select.epoll()
        self._epoll.register(fd, mask)
        self._handlers[fd] = handler

    def _unwatch(self, fd: int) -> None:
        assert self._epoll is not None
        if self._handlers.pop(fd, None) is not None:
            self._epoll.unregister(fd)

    def _accept(self, key: Key, target: Target) -> None:
        try:
            client, _ = self._listeners[key].accept()
        except OSError:
            return  # gone before we came, or no descriptors left: the next one will tell
        server = socket.socket(socket.AF_INET6 if ":" in target[0] else socket.AF_INET)
        client.settimeout(0)
        server.settimeout(0)
        server.connect_ex(target)  # in progress; a failure shows as an event
        pair = _Pair(client, server)
        self._pairs.add(pair)
        self._watch(client.fileno(), 0, lambda _: self._pump(pair))
        # Writable means connected; until then nothing is read from the client.
        self._watch(server.fileno(), select.EPOLLOUT, lambda mask: self._connected(pair, mask))

    def _connected(self, pair: "_Pair", mask: int) -> None:
        if pair.server.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) or mask & select.EPOLLERR:
            self._end(pair)
            return
        self._handlers[pair.server.fileno()] = lambda _: self._pump(pair)
        self._pump(pair)

    def _pump(self, pair: "_Pair") -> None:
        assert self._epoll is not None
        try:
            pair.up.pump()
            pair.down.pump()
        except OSError:
            self._end(pair)
            return
        if pair.up.done and pair.down.done:
            self._end(pair)
            return
        self._epoll.modify(pair.client, _interest(reads=pair.up, writes=pair.down))
        self._epoll.modify(pair.server, _interest(reads=pair.down, writes=pair.up))

    def _end(self, pair: "_Pair") -> None:
        self._pairs.discard(pair)
        self._unwatch(pair.client.fileno())
        self._unwatch(pair.server.fileno())
        pair.close()


class _Pair:
    """A client's connection and the one to the container."""

    def __init__(self, client: socket.socket, server: socket.socket) -> None:
        self.client = client
        self.server = server
        self.up = _Flow(client, server)
        self.down = _Flow(server, client)

    def close(self) -> None:
        for closable in (self.up, self.down, self.client, self.server):
            closable.close()


class _Flow:
    """One direction: what was read waits in a pipe until it can be written."""

    def __init__(self, source: socket.socket, target: socket.socket) -> None:
        self._source = source
        self._target = target
        self._out, self._in = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)
        self.pending = 0
        self.ended = False
        self.done = False

    def pump(self) -> None:
        """Move what can be moved now."""
        while not self.done:
            if self.pending == 0 and not self._fill():
                return
            if self.pending and not self._drain():
                return
            if self.ended and self.pending == 0:
                self._target.shutdown(socket.SHUT_WR)
                self.done = True

    def _fill(self) -> bool:
        if self.ended:
            return True
        try:
            self.pending = os.splice(self._source.fileno(), self._in, _CHUNK)
        except BlockingIOError:
            return False
        self.ended = self.pending == 0
        return True

    def _drain(self) -> bool:
        try:
            self.pending -= os.splice(self._out, self._target.fileno(), self.pending)
        except BlockingIOError:
            return False
        return True

    def close(self) -> None:
        os.close(self._out)
        os.close(self._in)


def _interest(*, reads: _Flow, writes: _Flow) -> int:
    mask = 0
    if not reads.ended and not reads.pending:
        mask |= select.EPOLLIN
    if writes.pending:
        mask |= select.EPOLLOUT
    return mask
