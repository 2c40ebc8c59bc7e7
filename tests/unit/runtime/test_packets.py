"""Packets with descriptors between processes."""

import os

import pytest

from sampan.runtime import packets, wire


def test_a_document_comes_out_as_it_went_in():
    document = {"op": "x", "text": "ü\n\"", "number": 3, "list": [1, None, True], "float": 0.5}
    assert packets.decode(packets.encode(document)) == document


@pytest.mark.parametrize("data", [b"", b"[]", b"{", b"nonsense", b"\xff"])
def test_what_is_no_document_is_a_value_error(data):
    with pytest.raises(ValueError):  # noqa: PT011 - the kind is all that is promised
        packets.decode(data)


def test_descriptors_arrive_closed_on_exec():
    ours, theirs = wire.pair()
    reading, writing = os.pipe()
    with ours, theirs:
        wire.send(ours, {"op": "x"}, (reading, writing))
        message, fds = wire.receive(theirs)
        assert message == {"op": "x"}
        assert len(fds) == 2
        assert not any(os.get_inheritable(fd) for fd in fds)
    for fd in (reading, writing, *fds):
        os.close(fd)


def test_the_end_of_a_connection_is_none():
    ours, theirs = wire.pair()
    ours.close()
    with theirs:
        assert wire.receive(theirs) is None


def test_a_long_path_to_a_socket_is_no_obstacle(tmp_path):
    deep = tmp_path / ("x" * 100) / ("y" * 100)
    deep.mkdir(parents=True)
    with pytest.raises(FileNotFoundError):
        wire.connect(str(deep))
