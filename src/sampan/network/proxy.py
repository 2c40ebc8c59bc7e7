"""A TCP proxy for the published ports that the packet filter cannot redirect.

One thread for all of them, started with the first: it accepts, connects to the container and
splices both ways through pipes, so that bytes never enter Python. Its sockets live in the
network namespace of the thread that opened them; connections end with the daemon.
"""

import errno
import logging
import os
import select
import socket
import threading
from collections.abc import Callable
from contextlib import suppress

Key = tuple[str, str, int]
Target = tuple[str, int]

log = logging.getLogger(__name__)

_TURNS = 16
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
        self._spare = -1  # a descriptor to give up when there are no others
        self._masks: dict[int, int] = {}
        self._handlers: dict[int, Callable[[], None]] = {}
        self._listeners: dict[Key, socket.socket] = {}
        self._pairs: set[_Pair] = set()
        self._ended: list[_Pair] = []

    def serve(self, key: Key, listener: socket.socket, target: Target) -> None:
        """Pass connections to a listening socket on. The socket stays the caller's."""
        listener.settimeout(0)
        with self._lock:
            self._listeners[key] = listener
            self._watch(listener.fileno(), select.EPOLLIN, lambda: self._accept(key, target))
            if self._thread is None:
                self._wake = os.eventfd(0, os.EFD_CLOEXEC)
                self._spare = os.open("/dev/null", os.O_RDONLY | os.O_CLOEXEC)
                self._watch(self._wake, select.EPOLLIN, lambda: None)
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
            self._bury()
            self._handlers.clear()
            self._masks.clear()
            os.eventfd_write(self._wake, 1)
        self._thread.join()
        self._thread = None
        os.close(self._wake)
        if self._spare >= 0:
            os.close(self._spare)
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
                for fd, _mask in events:
                    handler = self._handlers.get(fd)
                    if handler is not None:
                        handler()
                self._bury()

    def _watch(self, fd: int, mask: int, handler: Callable[[], None]) -> None:
        if self._epoll is None:
            self._epoll = select.epoll()
        self._handlers[fd] = handler
        self._want(fd, mask)

    def _unwatch(self, fd: int) -> None:
        if self._handlers.pop(fd, None) is not None:
            self._want(fd, 0)

    def _want(self, fd: int, mask: int) -> None:
        """Be told of these events. Of none means not to be registered at all.

        A registered descriptor reports hang-ups whatever was asked for (epoll_ctl(2)), again
        and again while there is nothing to be done about them.
        """
        assert self._epoll is not None
        before = self._masks.get(fd, 0)
        if mask == before:
            return
        if not mask:
            self._epoll.unregister(fd)
        elif before:
            self._epoll.modify(fd, mask)
        else:
            self._epoll.register(fd, mask)
        self._masks[fd] = mask

    def _accept(self, key: Key, target: Target) -> None:
        try:
            client, _ = self._listeners[key].accept()
        except OSError as error:
            if error.errno in {errno.EMFILE, errno.ENFILE}:
                self._turn_away(key)
            return  # else gone before we came
        try:
            pair = _connect(client, target)
        except OSError as error:
            log.warning("connection to published port %s: %s", key[2], error)
            client.close()
            return
        self._pairs.add(pair)
        # Nothing is read from the client until the container has answered.
        self._handlers[client.fileno()] = lambda: self._pump(pair)
        self._watch(pair.server.fileno(), select.EPOLLOUT, lambda: self._connected(pair))

    def _turn_away(self, key: Key) -> None:
        """Refuse a connection for want of descriptors; left alone, it would wake us for ever."""
        log.warning("published port %s: no descriptors left", key[2])
        if self._spare >= 0:
            os.close(self._spare)
        self._spare = -1
        with suppress(OSError):
            self._listeners[key].accept()[0].close()
            self._spare = os.open("/dev/null", os.O_RDONLY | os.O_CLOEXEC)

    def _connected(self, pair: "_Pair") -> None:
        if pair.server.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
            self._end(pair)
            return
        self._handlers[pair.server.fileno()] = lambda: self._pump(pair)
        self._pump(pair)

    def _pump(self, pair: "_Pair") -> None:
        try:
            pair.up.pump()
            pair.down.pump()
        except OSError:
            self._end(pair)
            return
        if pair.up.done and pair.down.done:
            self._end(pair)
            return
        self._want(pair.client.fileno(), _interest(reads=pair.up, writes=pair.down))
        self._want(pair.server.fileno(), _interest(reads=pair.down, writes=pair.up))

    def _end(self, pair: "_Pair") -> None:
        self._pairs.discard(pair)
        self._unwatch(pair.client.fileno())
        self._unwatch(pair.server.fileno())
        self._ended.append(pair)

    def _bury(self) -> None:
        # Not in the middle of a round of events: a number that is free again could be given
        # to a new connection, and be taken for the old one by an event still to be handled.
        while self._ended:
            self._ended.pop().close()


def _connect(client: socket.socket, target: Target) -> "_Pair":
    server = socket.socket(socket.AF_INET6 if ":" in target[0] else socket.AF_INET)
    try:
        client.settimeout(0)
        server.settimeout(0)
        server.connect_ex(target)  # in progress; a failure shows as an event
        return _Pair(client, server)
    except OSError:
        server.close()
        raise


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
        # Not for ever: other connections want their turn, and what is left wakes us again.
        for _ in range(_TURNS):
            if self.done:
                return
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
