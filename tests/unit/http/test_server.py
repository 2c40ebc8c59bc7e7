"""The HTTP server over a socket pair's worth of real connections, without any API."""

import asyncio
import json
import os
import socket
from collections.abc import AsyncIterator

import pytest

from sampan.http.messages import Request, Response
from sampan.http.server import Server
from sampan.http.websocket.frames import BINARY, CLOSE, Decoder, encode
from sampan.http.websocket.handshake import accept_headers
from sampan.http.websocket.stream import WebSocketStream


class Raw:
    """A client that speaks bytes."""

    def __init__(self, reader, writer):
        self.reader, self.writer = reader, writer

    def send(self, data: bytes) -> None:
        self.writer.write(data)

    async def head(self) -> str:
        return (await self.reader.readuntil(b"\r\n\r\n")).decode()

    async def answer(self) -> tuple[int, dict, bytes]:
        lines = (await self.head()).split("\r\n")
        headers = dict(line.lower().split(": ", 1) for line in lines[1:] if line)
        status = int(lines[0].split()[1])
        if headers.get("transfer-encoding") == "chunked":
            body = b""
            while True:
                size = int(await self.reader.readline(), 16)
                body += (await self.reader.readexactly(size + 2))[:-2]
                if not size:
                    return status, headers, body
        return status, headers, await self.reader.readexactly(int(headers.get("content-length", 0)))

    async def closed(self) -> bool:
        try:
            return await self.reader.read() == b""
        except ConnectionResetError:
            return True


class Site:
    """A server with one handler, on a unix socket in a temporary directory."""

    def __init__(self, path: str):
        self.path = path
        self.seen = []
        self.cancelled = asyncio.Event()
        self.started = asyncio.Event()
        self.release = asyncio.Event()
        self.finished = asyncio.Event()

    async def handler(self, request: Request) -> Response | None:
        self.seen.append((request.method, request.path, request.raw_query))
        action = getattr(self, "do_" + request.path.strip("/").replace("/", "_"))
        return await action(request)

    async def do_ping(self, request):
        return Response(200, b"OK", {"Content-Type": "text/plain"})

    async def do_echo(self, request):
        return Response(200, await request.body.read(10_000_000))

    async def do_ignore(self, request):
        return Response(200, b"ignored")

    async def do_peer(self, request):
        return Response(200, json.dumps(request.peer).encode())

    async def do_items(self, request):
        async def items() -> AsyncIterator[bytes]:
            yield b"one"
            yield b""
            await self.release.wait()
            yield b"two"

        return Response(200, items())

    async def do_breaks(self, request):
        raise ZeroDivisionError

    async def do_breaks_later(self, request):
        async def items() -> AsyncIterator[bytes]:
            yield b"one"
            raise ZeroDivisionError

        return Response(200, items())

    async def do_waits(self, request):
        self.started.set()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            self.cancelled.set()
            raise

    async def do_patient(self, request):
        request.patient = True
        self.started.set()
        await self.release.wait()
        self.finished.set()
        return Response(200, b"done")

    async def do_hijack(self, request):
        body = await request.body.read(1000)
        status = 101 if request.wants_upgrade else 200
        stream = await request.hijack(status, {"Content-Type": "application/x-raw"})
        stream.write(b"[" + body + b"]")
        while data := await stream.read():
            stream.write(data.upper())
            await stream.drain()
        stream.write(b"bye")
        stream.close()

    async def do_flood(self, request):
        stream = await request.hijack(200)
        self.written = 0
        self.started.set()
        while not self.release.is_set():
            stream.write(b"x" * 65536)
            self.written += 65536
            await stream.drain()

    async def do_ws(self, request):
        stream = WebSocketStream(await request.hijack(101, accept_headers(request.headers)))
        while data := await stream.read():
            stream.write(data.upper())
        stream.close()


def run(scenario, tmp_path):
    async def main():
        path = str(tmp_path / "s")
        sock = socket.socket(socket.AF_UNIX)
        sock.bind(path)
        site = Site(path)
        async with Server(site.handler, headers={"Server": "T"}, grace=0.01) as server:
            await server.listen(sock)
            reader, writer = await asyncio.open_unix_connection(path)
            try:
                async with asyncio.timeout(10):
                    await scenario(site, Raw(reader, writer))
            finally:
                writer.close()

    asyncio.run(main())


def scenario(function):
    def test(tmp_path):
        run(function, tmp_path)

    test.__name__ = function.__name__
    return test


GET = b"GET %s HTTP/1.1\r\nHost: h\r\n\r\n"
POST = b"POST %s HTTP/1.1\r\nHost: h\r\nContent-Length: %d\r\n\r\n%s"


@scenario
async def test_a_connection_serves_one_request_after_the_other(site, client):
    for _ in range(3):
        client.send(GET % b"/ping?a=1")
        status, headers, body = await client.answer()
        assert (status, body) == (200, b"OK")
        assert headers["server"] == "t"
        assert "date" in headers
    assert site.seen == [("GET", "/ping", "a=1")] * 3


@scenario
async def test_pipelined_requests_are_answered_in_order(site, client):
    client.send(POST % (b"/echo", 3, b"one") + GET % b"/ping" + POST % (b"/echo", 3, b"two"))
    assert [(await client.answer())[2] for _ in range(3)] == [b"one", b"OK", b"two"]


@scenario
async def test_a_request_may_come_byte_by_byte(site, client):
    for byte in POST % (b"/echo", 5, b"hello"):
        client.send(bytes([byte]))
        await client.writer.drain()
        await asyncio.sleep(0)
    assert (await client.answer())[2] == b"hello"


@scenario
async def test_a_chunked_body_is_put_together(site, client):
    client.send(b"POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n")
    client.send(b"3;x=y\r\nabc\r\nA\r\n0123456789\r\n0\r\nTrailer: t\r\n\r\n" + GET % b"/ping")
    assert (await client.answer())[2] == b"abc0123456789"
    assert (await client.answer())[2] == b"OK"


@scenario
async def test_a_large_body_arrives_whole(site, client):
    data = bytes(range(256)) * 16384
    client.send(POST % (b"/echo", len(data), data))
    assert (await client.answer())[2] == data


@scenario
async def test_a_body_nobody_reads_does_not_spoil_the_next_request(site, client):
    client.send(POST % (b"/ignore", 5, b"hel"))
    assert (await client.answer())[2] == b"ignored"
    client.send(b"lo" + GET % b"/ping")
    assert (await client.answer())[2] == b"OK"


@scenario
async def test_an_answer_survives_a_large_body_that_nobody_read(site, client):
    head = (
        b"POST /ignore HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Length: 3000000\r\n\r\n"
    )
    client.send(head + bytes(3_000_000))
    await client.writer.drain()
    assert (await client.answer())[2] == b"ignored"
    assert await client.closed()


@scenario
async def test_a_client_that_expects_continue_is_told_to_go_on(site, client):
    client.send(
        b"POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n"
    )
    assert (await client.head()).startswith("HTTP/1.1 100 Continue")
    client.send(b"ok")
    assert (await client.answer())[2] == b"ok"


@scenario
async def test_head_gets_the_length_but_no_body(site, client):
    client.send(b"HEAD /ping HTTP/1.1\r\nHost: h\r\n\r\n" + GET % b"/ping")
    assert "content-length: 2" in (await client.head()).lower()
    assert (await client.answer())[2] == b"OK"


@scenario
async def test_items_are_sent_as_they_come(site, client):
    client.send(GET % b"/items")
    await client.head()
    assert await client.reader.readexactly(8) == b"3\r\none\r\n"
    site.release.set()
    assert await client.reader.readexactly(13) == b"3\r\ntwo\r\n0\r\n\r\n"


@scenario
async def test_an_old_client_gets_a_stream_without_chunks(site, client):
    site.release.set()
    client.send(b"GET /items HTTP/1.0\r\n\r\n")
    await client.head()
    assert await client.reader.read() == b"onetwo"


@scenario
async def test_a_broken_handler_is_a_500_and_the_connection_lives(site, client):
    client.send(GET % b"/breaks" + GET % b"/ping")
    assert (await client.answer())[0] == 500
    assert (await client.answer())[2] == b"OK"


@scenario
async def test_a_stream_that_breaks_is_cut_without_its_end(site, client):
    client.send(GET % b"/breaks/later")
    await client.head()
    with pytest.raises(asyncio.IncompleteReadError):
        await client.reader.readexactly(100)


@scenario
async def test_a_client_that_leaves_cancels_the_handler(site, client):
    client.send(GET % b"/waits")
    await site.started.wait()
    client.writer.close()
    await site.cancelled.wait()


@scenario
async def test_a_patient_request_is_finished_after_the_client_left(site, client):
    client.send(GET % b"/patient")
    await site.started.wait()
    client.writer.close()
    site.release.set()
    await site.finished.wait()


@scenario
async def test_a_patient_request_answers_a_client_that_ended_its_side(site, client):
    client.send(GET % b"/patient")
    client.writer.write_eof()
    site.release.set()
    assert (await client.answer())[2] == b"done"


def test_a_server_that_ends_waits_for_patient_handlers_and_ends_streams(tmp_path):
    async def main():
        path = str(tmp_path / "s")
        sock = socket.socket(socket.AF_UNIX)
        sock.bind(path)
        site = Site(path)
        clients = []
        async with asyncio.timeout(5):
            async with Server(site.handler, grace=60) as server:
                await server.listen(sock)
                for request in (GET % b"/waits", POST % (b"/hijack", 0, b""), GET % b"/patient"):
                    client = Raw(*await asyncio.open_unix_connection(path))
                    client.send(request)
                    clients.append(client)
                assert (await clients[1].head()).startswith("HTTP/1.1 200")
                await site.started.wait()
                asyncio.get_running_loop().call_later(0.05, site.release.set)
            assert site.cancelled.is_set()
            assert (await clients[2].answer())[2] == b"done"
            assert await clients[1].reader.read() == b"[]"
            for client in clients:
                assert await client.closed()
                client.writer.close()

    asyncio.run(main())


@scenario
async def test_hijack_keeps_the_bytes_that_came_with_the_request(site, client):
    client.send(POST % (b"/hijack", 4, b"json") + b"early")
    assert (await client.head()).startswith("HTTP/1.1 200 OK")
    client.send(b" late")
    client.writer.write_eof()
    assert await client.reader.read() == b"[json]EARLY LATEbye"


@scenario
async def test_hijack_with_upgrade_keeps_the_bytes_that_came_with_the_request(site, client):
    client.send(
        b"POST /hijack HTTP/1.1\r\nHost: h\r\nUpgrade: tcp\r\nConnection: Upgrade\r\n"
        b"Content-Length: 4\r\n\r\njsonGET / not http"
    )
    client.writer.write_eof()
    head = await client.head()
    assert head.startswith("HTTP/1.1 101 UPGRADED\r\nContent-Type: application/x-raw\r\n")
    assert await client.reader.read() == b"[json]GET / NOT HTTPbye"


@scenario
async def test_a_slow_reader_of_a_hijacked_stream_stops_the_writer(site, client):
    client.writer.transport.pause_reading()
    client.send(POST % (b"/flood", 0, b""))
    await site.started.wait()
    before = -1
    while site.written != before:
        before = site.written
        for _ in range(20):
            await asyncio.sleep(0)
    assert site.written < 4_000_000
    site.release.set()
    client.writer.transport.abort()


@scenario
async def test_an_upgrade_that_is_not_taken_leaves_an_ordinary_connection(site, client):
    client.send(
        b"GET /ping HTTP/1.1\r\nHost: h\r\nUpgrade: tcp\r\nConnection: Upgrade\r\n\r\n"
        + GET % b"/ping"
    )
    assert (await client.answer())[2] == b"OK"
    assert (await client.answer())[2] == b"OK"


@scenario
async def test_peer_credentials_are_those_of_the_client(site, client):
    client.send(GET % b"/peer")
    assert json.loads((await client.answer())[2]) == [os.getpid(), os.getuid(), os.getgid()]


@scenario
async def test_connection_close_is_honoured(site, client):
    client.send(b"GET /ping HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
    status, headers, body = await client.answer()
    assert headers["connection"] == "close"
    assert await client.closed()


@pytest.mark.parametrize(
    "junk",
    [
        b"no http at all\r\n\r\n",
        b"GET / HTTP/1.1\r\nbad header\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"POST / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
    ],
)
def test_junk_is_a_400_and_the_end_of_the_connection(junk, tmp_path):
    async def check(site, client):
        client.send(junk)
        status, _headers, body = await client.answer()
        assert status == 400
        assert json.loads(body)["message"]
        assert await client.closed()
        assert site.seen == []

    run(check, tmp_path)


@scenario
async def test_an_endless_header_is_refused(site, client):
    client.send(b"GET / HTTP/1.1\r\nX: " + b"x" * 300_000)
    assert (await client.answer())[0] == 431


@scenario
async def test_a_bad_chunk_ends_the_connection(site, client):
    client.send(b"POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n")
    assert (await client.answer())[0] == 400
    assert await client.closed()


@scenario
async def test_websocket_carries_bytes_both_ways(site, client):
    client.send(
        b"GET /ws HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    )
    assert "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=" in await client.head()
    client.send(masked(BINARY, b"hello"))
    assert await client.reader.readexactly(7) == encode(BINARY, b"HELLO")
    client.send(masked(CLOSE, b""))
    assert (await client.reader.read())[0] == 0x80 | CLOSE


def masked(opcode: int, payload: bytes) -> bytes:
    assert len(payload) < 126
    body = bytes(byte ^ key for byte, key in zip(payload, b"abcd" * 40, strict=False))
    return bytes((0x80 | opcode, 0x80 | len(payload))) + b"abcd" + body


def test_frames_of_every_size_are_cut_right():
    for size in (0, 125, 126, 65535, 65536):
        payload = bytes(size)
        frame = encode(BINARY, payload)
        head = len(frame) - size
        sent = frame[:1] + bytes([frame[1] | 0x80]) + frame[2:head] + bytes(4) + payload
        decoder = Decoder()
        assert decoder.feed(sent[:3]) == []
        assert decoder.feed(sent[3:])[0].payload == payload
