"""One connection: requests in, one after the other, responses out, or a hijack.

States
    HEAD    waiting for (the rest of) a head; the serving task is idle
    BODY    a handler runs and its body is still coming
    BUSY    a handler runs; what arrives now is kept: the next request, or the first bytes of
            a stream that the handler is about to take over
    RAW     hijacked: every byte belongs to the Stream
    DEAD    the answer is given and the connection will close; what arrives is thrown away

One task per connection runs the handlers, so that pipelined requests are answered in order
and a client that leaves cancels what it asked for.
"""

import asyncio
import logging
import select
import socket
import struct
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping
from typing import Any, Protocol, cast

from sampan.http.body import Body, BodyBroken, BodyTooLarge
from sampan.http.framing import BadFraming, Framing, framing_of
from sampan.http.head import MAX_HEAD, BadHead, Head, HeadWriter, hijack_head
from sampan.http.messages import Handler, Peer, Request, Response
from sampan.http.stream import Stream

HEAD, BODY, BUSY, RAW, DEAD = range(5)

# Bytes kept while a handler runs, before the socket is left alone.
MAX_AHEAD = 256 * 1024
# An unread body up to this size is read away to keep the connection; Go's servers do the same.
MAX_DISCARD = 256 * 1024
# Closing a socket with unread input makes the kernel reset it, which may destroy the answer on
# its way (RFC 9112, section 9.6): so end our side, and listen a moment longer.
LINGER_SECONDS = 0.5
# Time for a head that has begun; idle connections may stay as long as they like.
HEAD_SECONDS = 300.0

log = logging.getLogger(__name__)


class Owner(Protocol):
    """What a connection needs of its server."""

    handler: Handler
    heads: HeadWriter
    connections: "set[Connection]"
    closing: bool

    def spawn(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Run a task that belongs to the server."""


class Connection(asyncio.Protocol):
    """One client's connection."""

    def __init__(self, owner: Owner) -> None:
        self._owner = owner
        self._state = HEAD
        self._pending = b""
        self._request: Request | None = None
        self._framing: Framing | None = None
        self._stream: Stream | None = None
        self._waiter: asyncio.Future[None] | None = None
        self._writable = asyncio.Event()
        self._writable.set()
        self._peer: Peer | None = None
        self._reading = True
        self._eof = False
        self._head_timer: asyncio.TimerHandle | None = None

    # -- called by the event loop

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """asyncio.Protocol: the connection stands."""
        self._transport = cast("asyncio.Transport", transport)
        self._peer = peer_of(transport.get_extra_info("socket"))
        self._owner.connections.add(self)
        self._task = self._owner.spawn(self._serve())

    def data_received(self, data: bytes) -> None:
        """asyncio.Protocol: bytes came."""
        if self._state == RAW:
            assert self._stream is not None
            self._stream.feed(data)
        elif self._state != DEAD:
            self._pending = self._pending + data if self._pending else data
            self._advance()

    def eof_received(self) -> bool:
        """asyncio.Protocol: the client ended its side. True keeps our side open."""
        self._eof = True
        if self._state == HEAD or self._state == DEAD:
            return False
        if self._state == RAW:
            assert self._stream is not None
            self._stream.feed_eof()
            return not hung_up(self._transport.get_extra_info("socket"))
        assert self._request is not None
        self._request.body.fail("the client ended the connection in the middle of the body")
        return self._request.patient

    def connection_lost(self, exc: Exception | None) -> None:
        """asyncio.Protocol: nothing more will come or go."""
        self._eof = True
        self._owner.connections.discard(self)
        self._writable.set()
        self._stop_head_timer()
        if self._stream is not None:
            self._stream.feed_eof()
        elif self._request is None:
            self._wake()
        else:
            self._request.body.fail("the client closed the connection in the middle of the body")
            if not self._request.patient:
                self._task.cancel()

    def pause_writing(self) -> None:
        """asyncio.Protocol: the client reads too slowly."""
        self._writable.clear()

    def resume_writing(self) -> None:
        """asyncio.Protocol: it has caught up."""
        self._writable.set()

    # -- called by the server

    def close_soon(self) -> None:
        """The server ends: close now, unless a patient handler is at work."""
        if self._request is None:
            self._transport.close()
        elif self._stream is not None or not self._request.patient:
            self._task.cancel()

    def abort(self) -> None:
        """Stop whatever goes on here, also a handler that is being patient."""
        self._task.cancel()
        self._transport.abort()

    # -- bytes in

    def _advance(self) -> None:
        while self._pending:
            if self._state == HEAD:
                if not self._take_head():
                    return
            elif self._state == BODY:
                self._take_body()
            else:
                if self._state == BUSY and len(self._pending) > MAX_AHEAD:
                    self._pause()
                return

    def _take_head(self) -> bool:
        # Empty lines before a request are to be ignored (RFC 9112, section 2.2).
        self._pending = data = self._pending.lstrip(b"\r\n")
        end = data.find(b"\r\n\r\n") + 4
        if end < 4 or end > MAX_HEAD:
            if len(data) > MAX_HEAD:
                self._refuse(431, "request header is too long")
            elif self._head_timer is None and data:
                loop = asyncio.get_running_loop()
                self._head_timer = loop.call_later(HEAD_SECONDS, self._transport.abort)
            return False
        self._stop_head_timer()
        try:
            head = Head(data[:end])
            self._framing = framing_of(head.headers)
        except (BadHead, BadFraming) as error:
            self._refuse(400, str(error))
            return False
        self._pending = data[end:]
        expects = head.headers.get("expect", "").lower() == "100-continue"
        body = Body(on_start=self._continue if expects else None, resume=self._resume)
        if self._framing is None:
            body.feed_end()
            self._state = BUSY
        else:
            self._state = BODY
        self._request = Request(
            head.method,
            head.target,
            head.headers,
            body,
            version=head.version,
            keep_alive=head.keep_alive,
            peer=self._peer,
            hijack=self._hijack,
        )
        self._wake()
        return True

    def _take_body(self) -> None:
        assert self._request is not None
        assert self._framing is not None
        body = self._request.body
        try:
            parts, rest = self._framing.feed(self._pending)
        except BadFraming as error:
            body.fail(str(error))
            self._state, self._pending = DEAD, b""
            return
        for part in parts:
            body.feed(part)
        if rest is None:
            self._pending = b""
            if body.full:
                self._pause()
        else:
            self._pending = rest
            self._state = BUSY
            body.feed_end()

    def _pause(self) -> None:
        if self._reading:
            self._reading = False
            self._transport.pause_reading()

    def _resume(self) -> None:
        if not self._reading and not self._transport.is_closing():
            self._reading = True
            self._transport.resume_reading()

    def _continue(self) -> None:
        if not self._transport.is_closing():
            self._transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")

    def _refuse(self, status: int, message: str) -> None:
        response = _refusal(status, message)
        assert isinstance(response.body, bytes)
        framing = f"Content-Length: {len(response.body)}\r\nConnection: close\r\n"
        head = self._owner.heads.write(status, response.headers, framing)
        self._transport.write(head + response.body)
        self._linger()

    def _linger(self) -> None:
        self._state, self._pending = DEAD, b""
        self._resume()
        if self._transport.is_closing() or self._eof:
            self._transport.close()
            return
        if self._transport.can_write_eof():
            self._transport.write_eof()
        asyncio.get_running_loop().call_later(LINGER_SECONDS, self._transport.close)

    def _stop_head_timer(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    # -- the serving task

    async def _serve(self) -> None:
        try:
            while (request := await self._next()) is not None:
                if not await self._answer(request):
                    break
        finally:
            if self._state != DEAD:
                self._transport.close()

    async def _next(self) -> Request | None:
        while self._request is None:
            if self._transport.is_closing():
                return None
            self._waiter = asyncio.get_running_loop().create_future()
            try:
                await self._waiter
            finally:
                self._waiter = None
        return self._request

    async def _answer(self, request: Request) -> bool:
        """Run the handler and send what it returns; False when the connection is used up."""
        response: Response | None
        try:
            response = await self._owner.handler(request)
        except (BodyBroken, BodyTooLarge) as error:
            response = _refusal(413 if isinstance(error, BodyTooLarge) else 400, str(error))
        except Exception:  # noqa: BLE001 - the last border: one request's fault stays its own
            log.exception("handler of %s %s failed", request.method, request.path)
            response = _refusal(500, "internal error")
        if self._stream is not None or response is None:
            return False
        keep = request.keep_alive and self._state != DEAD and not self._owner.closing
        if isinstance(response.body, bytes):
            await self._send_fixed(request, response, response.body, keep=keep)
        else:
            keep = await self._send_stream(request, response, response.body, keep=keep)
        whole = request.body.ended
        if not whole and keep and not self._eof and self._state != DEAD:
            whole = await self._discard(request.body)
        if not whole:
            self._linger()
        if not whole or not keep or self._eof:
            return False
        self._request = None
        self._state = HEAD
        self._resume()
        self._advance()
        return True

    async def _send_fixed(
        self, request: Request, response: Response, body: bytes, *, keep: bool
    ) -> None:
        if self._transport.is_closing():
            return
        if response.status == 204 or response.status == 304:
            framing = ""
        else:
            framing = f"Content-Length: {len(body)}\r\n"
        if not keep:
            framing += "Connection: close\r\n"
        head = self._owner.heads.write(response.status, response.headers, framing)
        if request.method == "HEAD":
            self._transport.write(head)
        else:
            self._transport.write(head + body)
            await self.drain()

    async def _send_stream(
        self, request: Request, response: Response, body: AsyncIterator[bytes], *, keep: bool
    ) -> bool:
        chunked = request.version != "1.0"
        framing = "Transfer-Encoding: chunked\r\n" if chunked else "Connection: close\r\n"
        if chunked and not keep:
            framing += "Connection: close\r\n"
        transport = self._transport
        transport.write(self._owner.heads.write(response.status, response.headers, framing))
        try:
            if request.method != "HEAD":
                async for item in body:
                    if transport.is_closing():
                        return False
                    if not item:
                        continue  # an empty chunk would end the body
                    if chunked:
                        transport.writelines((b"%x\r\n" % len(item), item, b"\r\n"))
                    else:
                        transport.write(item)
                    await self._writable.wait()
        except Exception:  # noqa: BLE001 - the head is gone; a cut connection is all we can say
            log.exception("response to %s %s broke off", request.method, request.path)
            transport.abort()
            return False
        finally:
            close = cast("Callable[[], Awaitable[None]] | None", getattr(body, "aclose", None))
            if close is not None:
                await close()
        if chunked and request.method != "HEAD":
            transport.write(b"0\r\n\r\n")
        return keep and chunked

    async def _discard(self, body: Body) -> bool:
        """Read away what the handler left of a body; False when that is too much."""
        size = 0
        try:
            async for chunk in body:
                size += len(chunk)
                if size > MAX_DISCARD:
                    return False
        except BodyBroken:
            return False
        return True

    async def drain(self) -> None:
        """Wait until the client has taken most of what was written."""
        await self._writable.wait()

    async def _hijack(self, status: int, headers: Mapping[str, str]) -> Stream:
        assert self._request is not None
        if not self._request.body.ended:
            await self._discard(self._request.body)
        first, self._pending = self._pending, b""
        self._stream = Stream(self._transport, self.drain, first)
        self._state = RAW
        self._resume()
        if self._eof:
            self._stream.feed_eof()
        if not self._transport.is_closing():
            self._transport.write(hijack_head(status, headers))
        return self._stream


def _refusal(status: int, message: str) -> Response:
    text = message.replace("\\", "").replace('"', "'").encode("ascii", "replace")
    return Response(status, b'{"message":"%s"}\n' % text, {"Content-Type": "application/json"})


def peer_of(sock: socket.socket) -> Peer | None:
    """Who connected, on a unix socket."""
    if sock.family != socket.AF_UNIX:
        return None
    raw = sock.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
    return Peer(*struct.unpack("3i", raw))


def hung_up(sock: socket.socket) -> bool:
    """Whether the other end of a unix socket is closed, not only shut for writing.

    unix_poll() in the kernel sets EPOLLHUP only when both directions are shut down. A TCP
    peer's close looks like its half-close, so there the answer is no until a write fails.
    """
    if sock.family != socket.AF_UNIX:
        return False
    poll = select.poll()
    poll.register(sock.fileno(), 0)
    return any(event & select.POLLHUP for _fd, event in poll.poll(0))
