"""GET /containers/{id}/logs."""

from tests.support.containers import create, frames, start, wait


def logs(daemon, container, **query):
    query = {"stdout": True, "stderr": True, **query}
    return daemon.api.get(f"/containers/{container}/logs", **query)


def test_a_log_is_framed_by_stream(daemon):
    container = start(daemon.api, "sh", "-c", "echo out; echo err >&2")
    wait(daemon.api, container)
    answer = logs(daemon, container)
    assert answer.headers["content-type"] == "application/vnd.docker.multiplexed-stream"
    assert sorted(frames(answer.body)) == [(1, b"out\n"), (2, b"err\n")]
    assert frames(logs(daemon, container, stdout=False).body) == [(2, b"err\n")]


def test_the_tail_is_the_end(daemon):
    container = start(daemon.api, "seq", "100")
    wait(daemon.api, container)
    body = logs(daemon, container, tail="3").body
    assert b"".join(part for _n, part in frames(body)) == b"98\n99\n100\n"


def test_a_terminals_log_is_raw(daemon):
    container = start(daemon.api, "echo", "hi", Tty=True)
    wait(daemon.api, container)
    answer = logs(daemon, container)
    assert answer.body == b"hi\r\n"
    assert answer.headers["content-type"] == "application/vnd.docker.raw-stream"


def test_timestamps_stand_in_front(daemon):
    container = start(daemon.api, "echo", "hi")
    wait(daemon.api, container)
    [(_n, line)] = frames(logs(daemon, container, timestamps=True).body)
    moment, _, text = line.partition(b" ")
    assert (text, moment[-1:], len(moment)) == (b"hi\n", b"Z", 30)


def test_following_ends_with_the_program(daemon):
    container = create(
        daemon.api, "sh", "-c", "echo one; read x; echo $x", OpenStdin=True, StdinOnce=True
    )
    _head, sock = daemon.api.hijack(f"/containers/{container}/attach?stream=1&stdin=1")
    daemon.api.post(f"/containers/{container}/start")
    response = daemon.api.open("GET", f"/containers/{container}/logs", stdout=True, follow=True)
    assert response.read(12)[8:] == b"one\n"
    with sock:
        sock.sendall(b"two\n")
    assert response.read()[8:] == b"two\n"
    response.close()


def test_one_stream_at_least_must_be_chosen(daemon):
    container = create(daemon.api)
    answer = daemon.api.get(f"/containers/{container}/logs")
    assert answer.status == 400
    assert "you must choose at least one stream" in answer.message
    assert logs(daemon, "nobody").status == 404
