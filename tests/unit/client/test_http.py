"""HTTP from the caller's side, against bytes on a socket pair."""

import socket

import pytest

from sampan.errors import Unavailable
from sampan.http.client import Connection


@pytest.fixture
def pair():
    ours, theirs = socket.socketpair()
    ours.settimeout(10)
    theirs.settimeout(10)
    with ours, theirs:
        yield Connection(ours), theirs


def answer(pair, data, *, method="GET", close=True):
    connection, server = pair
    server.sendall(data)
    if close:
        server.shutdown(socket.SHUT_WR)
    return connection.receive(method)


def test_a_body_of_known_length(pair):
    response = answer(pair, b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-A: b\r\n\r\nhello+more")
    assert (response.status, response.headers["x-a"]) == (200, "b")
    assert response.read_all() == b"hello"
    assert response.reusable
    assert pair[0].buffer == b"+more"


def test_a_chunked_body(pair):
    data = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    data += b"5\r\nhello\r\n3;x=y\r\n, a\r\n0\r\nT: x\r\n\r\n"
    response = answer(pair, data)
    assert response.read_all() == b"hello, a"
    assert response.finished


@pytest.mark.parametrize("step", [1, 4])
def test_a_body_that_comes_in_small_pieces(pair, step):
    data = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"
    connection, server = pair
    for at in range(0, len(data), step):
        server.sendall(data[at : at + step])
    assert connection.receive("GET").read_all() == b"hello"


def test_a_body_until_the_server_closes(pair):
    response = answer(pair, b"HTTP/1.0 200 OK\r\n\r\nall of it")
    assert response.read_all() == b"all of it"
    assert not response.reusable


@pytest.mark.parametrize(
    ("method", "head"),
    [
        ("HEAD", b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"),
        ("GET", b"HTTP/1.1 204 No Content\r\n\r\n"),
        ("POST", b"HTTP/1.1 304 Not Modified\r\n\r\n"),
    ],
)
def test_answers_without_a_body(pair, method, head):
    response = answer(pair, head, method=method, close=False)
    assert response.read_all() == b""
    assert response.finished


def test_an_announcement_is_passed_over(pair):
    data = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
    assert answer(pair, data).status == 200


def test_an_upgrade_leaves_the_early_bytes(pair):
    response = answer(pair, b"HTTP/1.1 101 UPGRADED\r\nUpgrade: tcp\r\n\r\nearly", close=False)
    assert response.status == 101
    assert pair[0].hijack() == b"early"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "closed the connection without an answer"),
        (b"HTTP/1.1 200", "closed the connection without an answer"),
        (b"SSH-2.0-OpenSSH\r\n\r\n", "does not speak HTTP"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", "no valid length"),
    ],
)
def test_what_is_no_answer_is_told(pair, data, reason):
    with pytest.raises(Unavailable, match=reason):
        answer(pair, data)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"Content-Length: 9\r\n\r\nshort", "in the middle of an answer"),
        (b"Transfer-Encoding: chunked\r\n\r\nzz\r\n", "a chunk without a size"),
        (b"Transfer-Encoding: chunked\r\n\r\n5\r\nhel", "in the middle of an answer"),
        (b"Transfer-Encoding: chunked\r\n\r\n" + b"1" * 9000, "a chunk without a size"),
    ],
)
def test_a_body_that_breaks_off_is_told(pair, data, reason):
    response = answer(pair, b"HTTP/1.1 200 OK\r\n" + data)
    with pytest.raises(Unavailable, match=reason):
        response.read_all()


def test_requests_carry_their_body(pair):
    connection, server = pair
    connection.send("POST", "/x", {"Host": "h"}, b"data")
    assert server.recv(1000) == b"POST /x HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\ndata"
    connection.send("POST", "/x", {})
    assert server.recv(1000).endswith(b"\r\nContent-Length: 0\r\n\r\n")
    connection.send("PUT", "/x", {}, iter([b"ab", b"", b"cde"]))
    assert server.recv(1000).endswith(
        b"Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n3\r\ncde\r\n0\r\n\r\n"
    )
