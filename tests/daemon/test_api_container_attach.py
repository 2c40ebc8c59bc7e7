"""POST /containers/{id}/attach and its websocket: the streams of a program."""

import socket

import websocket
from tests.support.containers import (
    create,
    frames,
    read_all,
    read_until,
    start,
    state,
    wait,
)

ALL = "stream=1&stdin=1&stdout=1&stderr=1"
STDIN = {"OpenStdin": True, "StdinOnce": True, "AttachStdin": True}


def attach(daemon, container, query=ALL, **rest):
    return daemon.api.hijack(f"/containers/{container}/attach?{query}", **rest)


def begin(daemon, container):
    assert daemon.api.post(f"/containers/{container}/start").status == 204


def test_output_comes_in_frames_of_both_streams(daemon):
    container = create(daemon.api, "sh", "-c", "echo out; echo err >&2")
    head, sock = attach(daemon, container)
    assert head.startswith("HTTP/1.1 101 UPGRADED\r\n")
    assert "application/vnd.docker.multiplexed-stream" in head
    begin(daemon, container)
    with sock:
        assert sorted(frames(read_all(sock))) == [(1, b"out\n"), (2, b"err\n")]


def test_without_upgrade_the_stream_follows_a_plain_answer(daemon):
    container = create(daemon.api, "echo", "hi")
    head, sock = attach(daemon, container, upgrade=False)
    assert head.startswith("HTTP/1.1 200 OK\r\n")
    begin(daemon, container)
    with sock:
        assert frames(read_all(sock)) == [(1, b"hi\n")]


def test_old_clients_hear_of_a_raw_stream(daemon):
    container = create(daemon.api, "true")
    head, sock = daemon.api.hijack(f"/v1.41/containers/{container}/attach?{ALL}")
    sock.close()
    assert "application/vnd.docker.raw-stream" in head


def test_stdin_reaches_the_program_and_its_end_too(daemon):
    container = create(daemon.api, "sh", "-c", "cat; echo done", **STDIN)
    _head, sock = attach(daemon, container)
    begin(daemon, container)
    with sock:
        sock.sendall(b"some text")
        sock.shutdown(socket.SHUT_WR)
        assert b"".join(part for _n, part in frames(read_all(sock))) == b"some textdone\n"
    assert wait(daemon.api, container) == 0


def test_stdin_sent_together_with_the_request_is_not_lost(daemon):
    container = create(daemon.api, "cat", **STDIN)
    _head, sock = attach(daemon, container, early=b"early ")
    with sock:
        sock.sendall(b"late")
        sock.shutdown(socket.SHUT_WR)
        begin(daemon, container)
        assert b"".join(part for _n, part in frames(read_all(sock))) == b"early late"


def test_much_data_passes_unharmed_both_ways(daemon):
    container = create(daemon.api, "cat", **STDIN)
    _head, sock = attach(daemon, container)
    begin(daemon, container)
    data = bytes(range(256)) * 40_000
    writer, reader = sock, sock.dup()
    reader.settimeout(60)
    with writer, reader:
        view, seen = memoryview(data), b""
        parts = []
        while view:
            view = view[writer.send(view[:65536]) :]
            part = reader.recv(1 << 20)
            parts.append(part)
        writer.shutdown(socket.SHUT_WR)
        parts.append(read_all(reader))
        seen = b"".join(parts)
    assert b"".join(part for _n, part in frames(seen)) == data


def test_a_terminal_is_raw_and_echoes(daemon):
    container = create(daemon.api, "sh", Tty=True, **STDIN)
    head, sock = attach(daemon, container)
    assert "application/vnd.docker.raw-stream" in head
    begin(daemon, container)
    with sock:
        sock.sendall(b"tty; stty size\n")
        assert b"/dev/pts/0" in read_until(sock, b"/dev/pts/0")
        sock.sendall(b"exit 4\n")
        read_all(sock)
    assert wait(daemon.api, container) == 4


def test_detach_keys_let_go_and_the_program_runs_on(daemon):
    container = create(daemon.api, "cat", Tty=True, **STDIN)
    _head, sock = attach(daemon, container)
    begin(daemon, container)
    with sock:
        sock.sendall(b"hello\n")
        read_until(sock, b"hello\r\nhello\r\n")
        sock.sendall(b"\x10\x11")
        assert read_all(sock) == b""
    assert state(daemon.api, container)["Running"]
    _head, sock = attach(daemon, container, f"{ALL}&detachKeys=ctrl-a")
    with sock:
        sock.sendall(b"more\n")
        read_until(sock, b"more\r\nmore\r\n")
        sock.sendall(b"\x01")
        assert read_all(sock) == b""
    assert state(daemon.api, container)["Running"]


def test_bad_detach_keys_are_refused(daemon):
    container = create(daemon.api)
    answer = daemon.api.post(f"/containers/{container}/attach?{ALL}&detachKeys=ctrl-")
    assert answer.status == 400


def test_a_client_that_leaves_does_not_end_the_program(daemon):
    container = start(daemon.api, "sh", "-c", "while :; do echo x; sleep 0.01; done")
    for _ in range(3):
        _head, sock = attach(daemon, container)
        read_until(sock, b"x\n")
        sock.close()
    assert state(daemon.api, container)["Running"]


def test_two_clients_see_the_same(daemon):
    container = create(daemon.api, "sh", "-c", "read x; echo got $x", **STDIN)
    _head, first = attach(daemon, container)
    _head, second = attach(daemon, container, "stream=1&stdout=1&stderr=1")
    begin(daemon, container)
    with first, second:
        first.sendall(b"it\n")
        assert frames(read_all(second)) == [(1, b"got it\n")]
        assert frames(read_all(first)) == [(1, b"got it\n")]


def test_the_log_comes_first_when_it_is_asked_for(daemon):
    container = start(daemon.api, "sh", "-c", "echo before; read x; echo after", **STDIN)
    response = daemon.api.open("GET", f"/containers/{container}/logs", stdout=True, follow=True)
    assert response.read(15)[8:] == b"before\n"
    response.close()
    _head, sock = attach(daemon, container, f"{ALL}&logs=1")
    with sock:
        sock.sendall(b"\n")
        text = b"".join(part for _n, part in frames(read_all(sock)))
    assert text == b"before\nafter\n"


def test_a_slow_reader_neither_stops_nor_swells_anything(daemon):
    container = create(daemon.api, "sh", "-c", "yes some text | head -c 50000000; echo end >&2")
    _head, sock = attach(daemon, container)
    begin(daemon, container)
    assert wait(daemon.api, container) == 0
    with sock:
        found = frames(read_all(sock))
    assert sum(len(part) for number, part in found if number == 1) == 50_000_000
    assert (2, b"end\n") in found


def test_attach_over_a_websocket(daemon):
    container = create(daemon.api, "cat", Tty=True, **STDIN)
    sock = socket.socket(socket.AF_UNIX)
    sock.connect(daemon.socket)
    client = websocket.create_connection(
        f"ws://sampan/containers/{container}/attach/ws?{ALL}", socket=sock, timeout=30
    )
    begin(daemon, container)
    client.send("hello\n")
    seen = b""
    while b"hello\r\nhello\r\n" not in seen:
        _opcode, data = client.recv_data()
        seen += data
    client.send("\x04")
    assert wait(daemon.api, container) == 0
    client.close()


def test_a_websocket_without_its_handshake_is_refused(daemon):
    container = create(daemon.api)
    answer = daemon.api.get(f"/containers/{container}/attach/ws?{ALL}")
    assert answer.status == 400
