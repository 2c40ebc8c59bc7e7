"""The API client against a daemon that says what it is told to."""

import os
import socket
import threading

import pytest

from sampan.client.api import Client, as_numbers
from sampan.client.dial import dial
from sampan.client.errors import ApiError, Unreachable
from sampan.client.host import parse

OK = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
TOO_NEW = "client version 1.51 is too new. Maximum supported API version is 1.41"


class Daemon:
    """Gives prepared answers, and keeps the first lines of what it was asked."""

    def __init__(self, answers):
        self._answers = list(answers)
        self.asked = []
        self.dialed = 0
        self._threads = []

    def dial(self, _host):
        self.dialed += 1
        ours, theirs = socket.socketpair()
        theirs.settimeout(20)
        thread = threading.Thread(target=self._serve, args=(theirs,))
        thread.start()
        self._threads.append((thread, ours))
        return ours

    def close(self):
        for thread, sock in self._threads:
            sock.close()
            thread.join(20)

    def _serve(self, sock):
        with sock:
            while self._answers:
                request = b""
                while b"\r\n\r\n" not in request:
                    data = sock.recv(65536)
                    if not data:
                        return
                    request += data
                head, _, body = request.partition(b"\r\n\r\n")
                self.asked.append((head.decode().split("\r\n")[0], body))
                sock.sendall(self._answers.pop(0).encode())


@pytest.fixture
def daemon():
    made = []

    def make(*answers):
        made.append(Daemon(answers))
        return made[-1], Client(parse(""), dialer=made[-1].dial)

    yield make
    for one in made:
        one.close()


def body(text, head=OK):
    return f"{head}Content-Length: {len(text)}\r\n\r\n{text}"


def error(status, message, extra=""):
    return body(f'{{"message":"{message}"}}', f"HTTP/1.1 {status} X\r\n{extra}")


def test_documents_are_read(daemon):
    server, client = daemon(body('{"a": 1}'))
    assert client.get("/info", {"x": "y"}) == {"a": 1}
    assert server.asked == [("GET /v1.51/info?x=y HTTP/1.1", b"")]


def test_a_connection_is_used_again(daemon):
    server, client = daemon(body("{}"), body("[]"))
    client.get("/a")
    client.get("/b")
    assert server.dialed == 1


def test_a_connection_that_was_closed_is_not(daemon):
    server, client = daemon(body("{}", OK + "Connection: close\r\n"), body("[]"))
    client.get("/a")
    assert client.get("/b") == []
    assert server.dialed == 2


def test_an_older_daemon_is_spoken_to_in_its_version(daemon):
    server, client = daemon(error(400, TOO_NEW, "Api-Version: 1.41\r\n"), body("{}"), body("{}"))
    client.get("/a")
    client.post("/b", None, {"x": True})
    assert [line.split()[1] for line, _ in server.asked] == ["/v1.51/a", "/v1.41/a", "/v1.41/b"]
    assert server.asked[-1][1] == b'{"x":true}'
    assert client.version == "1.41"


def test_a_stream_is_sent_only_after_the_version_is_agreed(daemon):
    server, client = daemon("HTTP/1.1 200 OK\r\nApi-Version: 1.41\r\n\r\n", body("{}"))
    client.stream("POST", "/load", None, iter([b"abc"])).read_all()
    assert [line for line, _ in server.asked] == [
        "HEAD /_ping HTTP/1.1",
        "POST /v1.41/load HTTP/1.1",
    ]


def test_a_refusal_is_an_error_with_the_daemons_words(daemon):
    _, client = daemon(error(404, "No such container: x"), body("{}"))
    with pytest.raises(ApiError) as caught:
        client.get("/containers/x/json")
    assert caught.value.status == 404
    assert str(caught.value) == "Error response from daemon: No such container: x"
    assert client.get("/a") == {}


def test_a_refusal_without_words_has_its_status(daemon):
    _, client = daemon(body("", "HTTP/1.1 502 X\r\n"))
    with pytest.raises(ApiError, match="Error response from daemon: status 502"):
        client.get("/a")


def test_streamed_documents_come_one_by_one(daemon):
    _, client = daemon(body('{"a":1}\r\n{"a":2}\n{"a":3}'))
    assert [one["a"] for one in client.documents("GET", "/events")] == [1, 2, 3]


def test_calls_side_by_side_answer_in_order(daemon):
    server, client = daemon(
        "HTTP/1.1 200 OK\r\nApi-Version: 1.51\r\n\r\n",
        *(error(409, "no") for _ in range(3)),
    )
    found = list(client.side_by_side("POST", ["/a", "/b", "/c"]))
    assert [str(one) for one in found] == ["Error response from daemon: no"] * 3
    assert server.dialed == 4


def test_nobody_there_is_told_as_docker_tells_it(tmp_path):
    client = Client(parse(f"unix://{tmp_path}/none.sock"))
    with pytest.raises(Unreachable, match="Cannot connect to the Sampan daemon at unix://"):
        client.get("/info")


def test_a_socket_with_a_very_long_path_can_be_reached(tmp_path):
    directory = tmp_path / ("x" * 120)
    directory.mkdir()
    fd = os.open(directory, os.O_PATH | os.O_CLOEXEC)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(f"/proc/self/fd/{fd}/s")
        os.close(fd)
        listener.listen()
        found = dial(parse(f"unix://{directory}/s"))
        assert found.getpeername()
        found.close()


def test_versions_compare_as_numbers():
    assert as_numbers("1.9") < as_numbers("1.41") < as_numbers("2.0")
