"""Bytes between a user and a hijacked connection."""

import os
import socket
import threading

import pytest

from sampan.client.api import Hijacked
from sampan.client.keys import DEFAULT, Watch
from sampan.client.pump import Pump
from sampan.http.client import Connection


class Ends:
    """A pipe for stdin, a socket pair for the connection, a list for output."""

    def __init__(self):
        self.ours, self.theirs = socket.socketpair()
        self.theirs.settimeout(20)
        self.stdin, self.typed = os.pipe2(os.O_CLOEXEC)
        self.out = []
        self.stream = Hijacked(Connection(self.ours), framed=False)

    def run(self, **options):
        return Pump(self.stream, self.out.append, **options).run()

    def type(self, data):
        os.write(self.typed, data)

    def end_typing(self):
        os.close(self.typed)
        self.typed = -1

    def close(self):
        for fd in (self.stdin, self.typed):
            if fd >= 0:
                os.close(fd)
        self.ours.close()
        self.theirs.close()


@pytest.fixture
def ends():
    made = Ends()
    yield made
    made.close()


def test_output_is_taken_until_the_stream_ends(ends):
    ends.theirs.sendall(b"hello")
    ends.theirs.close()
    assert ends.run() is True
    assert b"".join(ends.out) == b"hello"


def test_early_bytes_come_first(ends):
    ends.stream.early = b"early "
    ends.theirs.sendall(b"late")
    ends.theirs.close()
    ends.run()
    assert b"".join(ends.out) == b"early late"


def test_without_input_the_sending_side_is_closed_at_once(ends):
    thread = threading.Thread(target=ends.run)
    thread.start()
    assert ends.theirs.recv(10) == b""
    ends.theirs.close()
    thread.join(20)
    assert not thread.is_alive()


def test_the_end_of_input_is_passed_on_and_output_still_taken(ends):
    ends.type(b"question")
    ends.end_typing()
    thread = threading.Thread(target=ends.run, kwargs={"stdin": ends.stdin})
    thread.start()
    received = b""
    while data := ends.theirs.recv(100):
        received += data
    ends.theirs.sendall(b"answer")
    ends.theirs.close()
    thread.join(20)
    assert (received, b"".join(ends.out)) == (b"question", b"answer")


def test_detach_keys_end_the_session(ends):
    ends.type(b"ls\x10\x11")
    assert ends.run(stdin=ends.stdin, keys=Watch(DEFAULT)) is False
    assert ends.theirs.recv(10) == b"ls"


def test_a_reader_that_is_late_with_input_still_gets_its_output(ends):
    """The other side sends much before it reads anything: nobody may wait for nobody."""
    much = b"x" * (1 << 20)
    got = []

    def other():
        ends.theirs.sendall(much)
        while data := ends.theirs.recv(1 << 16):
            got.append(data)
        ends.theirs.close()

    def typing():
        ends.type(much)
        ends.end_typing()

    threads = [threading.Thread(target=other), threading.Thread(target=typing)]
    for thread in threads:
        thread.start()
    assert ends.run(stdin=ends.stdin) is True
    for thread in threads:
        thread.join(20)
    assert b"".join(ends.out) == much
    assert b"".join(got) == much


def test_a_session_without_output_ends_with_its_input(ends):
    ends.type(b"data")
    ends.end_typing()
    assert Pump(ends.stream, None, stdin=ends.stdin).run() is True
    assert ends.theirs.recv(10) == b"data"
    assert ends.theirs.recv(10) == b""


def test_the_idle_call_sets_the_next_pause(ends):
    calls = []

    def idle():
        calls.append(1)
        if len(calls) == 3:
            ends.theirs.close()
            return -1
        return 1

    pump = Pump(ends.stream, ends.out.append)
    pump.idle = idle
    pump.pause = 0
    assert pump.run() is True
    assert len(calls) == 3
