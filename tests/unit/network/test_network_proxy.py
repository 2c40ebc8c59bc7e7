"""The port proxy on loopback sockets: many connections, refusals, and nothing left."""

import os
import socket
from contextlib import suppress

import pytest

from sampan.network.proxy import Proxy

KEY = ("tcp", "127.0.0.1", 1)


@pytest.fixture
def proxy():
    before = len(os.listdir("/proc/self/fd"))
    made = Proxy()
    yield made
    made.close()
    made.close()
    assert len(os.listdir("/proc/self/fd")) == before


def served(proxy, target):
    listener = socket.create_server(("127.0.0.1", 0))
    proxy.serve(KEY, listener, target)
    return listener


def test_many_connections_at_once_are_kept_apart(proxy):
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(5)
        with served(proxy, server.getsockname()) as listener:
            pairs = []
            for number in range(50):
                client = socket.create_connection(listener.getsockname(), 5)
                client.sendall(b"%03d" % number)
                pairs.append((client, server.accept()[0]))
            for number, (client, accepted) in enumerate(pairs):
                accepted.settimeout(5)
                assert accepted.recv(3) == b"%03d" % number
                accepted.sendall(b"back %03d" % number)
                assert client.recv(100) == b"back %03d" % number
            for client, accepted in pairs:
                client.close()
                assert accepted.recv(1) == b""
                accepted.close()
            proxy.stop(KEY)


def test_slow_reader_loses_nothing(proxy):
    bulk = os.urandom(8_000_000)
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(5)
        with served(proxy, server.getsockname()) as listener:
            client = socket.create_connection(listener.getsockname(), 5)
            accepted = server.accept()[0]
            accepted.settimeout(0)
            sent = 0
            received = bytearray()
            while len(received) < len(bulk):
                with suppress(BlockingIOError):
                    sent += accepted.send(bulk[sent : sent + 500_000])
                received += client.recv(100_000)
            assert bytes(received) == bulk
            client.close()
            accepted.close()
            proxy.stop(KEY)


def test_nobody_at_the_target_ends_the_connection(proxy):
    with socket.create_server(("127.0.0.1", 0)) as unused:
        target = unused.getsockname()
    with served(proxy, target) as listener:
        with socket.create_connection(listener.getsockname(), 5) as client:
            assert client.recv(1) == b""
        proxy.stop(KEY)


def test_open_connections_outlive_their_port(proxy):
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(5)
        listener = served(proxy, server.getsockname())
        client = socket.create_connection(listener.getsockname(), 5)
        accepted = server.accept()[0]
        proxy.stop(KEY)
        listener.close()
        with client, accepted:
            client.sendall(b"still here")
            assert accepted.recv(100) == b"still here"
