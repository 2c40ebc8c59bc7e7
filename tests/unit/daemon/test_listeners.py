"""Listening sockets from -H words."""

import os
import stat

import pytest

from sampan.daemon.listeners import BadHost, close_listener, open_listener


def open_one(host, **wishes):
    return open_listener(host, group=wishes.get("group", "no-such-group"), tls=wishes.get("tls"))[0]


def test_a_unix_socket_is_closed_to_others(tmp_path):
    path = str(tmp_path / "s")
    listener = open_one(f"unix://{path}")
    assert stat.S_IMODE(os.stat(path).st_mode) & 0o117 == 0
    close_listener(listener)
    assert not os.path.exists(path)


def test_a_socket_left_behind_is_replaced(tmp_path):
    path = str(tmp_path / "s")
    open_one(f"unix://{path}").sock.close()
    close_listener(open_one(f"unix://{path}"))


def test_a_socket_that_answers_is_not_taken_away(tmp_path):
    path = str(tmp_path / "s")
    listener = open_one(f"unix://{path}")
    listener.sock.listen()
    with pytest.raises(BadHost, match="in use by another daemon"):
        open_one(f"unix://{path}")
    close_listener(listener)


def test_tcp_without_tls_must_be_asked_for_by_name():
    with pytest.raises(BadHost, match="add --tls=false"):
        open_one("tcp://127.0.0.1:0")
    listener = open_one("tcp://127.0.0.1:0", tls=False)
    assert listener.sock.getsockname()[0] == "127.0.0.1"
    close_listener(listener)


@pytest.mark.parametrize("host", ["http://x", "npipe://x", "fd://"])
def test_other_hosts_are_refused(host):
    with pytest.raises(BadHost):
        open_one(host)
