"""The framed stream, and the keys that leave a session."""

import pytest

from sampan.client.errors import ApiError
from sampan.client.frames import Frames
from sampan.client.keys import DEFAULT, Watch, parse
from sampan.errors import InvalidRequest, Unavailable


def frame(stream, data):
    return bytes((stream, 0, 0, 0)) + len(data).to_bytes(4, "big") + data


STREAM = (
    frame(1, b"one\n") + frame(1, b"two\n") + frame(2, b"err\n") + frame(1, b"") + frame(1, b"x")
)


@pytest.mark.parametrize("step", [1, 3, 7, 1000])
def test_frames_come_in_any_number_of_pieces(step):
    taken = {1: b"", 2: b""}
    order = []

    def take(stream, data):
        taken[stream] += data
        order.append(stream)

    frames = Frames(take)
    for at in range(0, len(STREAM), step):
        frames.feed(STREAM[at : at + step])
    assert taken == {1: b"one\ntwo\nx", 2: b"err\n"}
    assert order == sorted(order[:-1]) + [1]


def test_neighbours_are_given_in_one_piece():
    pieces = []
    Frames(lambda stream, data: pieces.append((stream, data))).feed(STREAM)
    assert pieces == [(1, b"one\ntwo\n"), (2, b"err\n"), (1, b"x")]


def test_the_daemons_own_failure_is_an_error():
    with pytest.raises(ApiError, match="it broke"):
        Frames(lambda *_: None).feed(frame(3, b"it broke"))


def test_what_is_no_frame_is_told():
    with pytest.raises(Unavailable, match="unrecognized stream: 65"):
        Frames(lambda *_: None).feed(b"A plain text")


@pytest.mark.parametrize(
    ("text", "keys"),
    [("", DEFAULT), ("ctrl-a,x", b"\x01x"), ("ctrl-@", b"\0"), ("ctrl-[,ctrl-_", b"\x1b\x1f")],
)
def test_sequences_of_keys_are_read(text, keys):
    assert parse(text) == keys


@pytest.mark.parametrize("text", ["ctrl-", "ab", "ctrl-é", "a,"])
def test_what_is_no_key_is_refused(text):
    with pytest.raises(InvalidRequest):
        parse(text)


def test_the_sequence_is_found_across_pieces():
    watch = Watch(DEFAULT)
    assert watch.feed(b"ab\x10") == (b"ab", False)
    assert watch.feed(b"\x11rest") == (b"", True)


def test_a_sequence_that_was_none_is_passed_on():
    watch = Watch(DEFAULT)
    assert watch.feed(b"\x10") == (b"", False)
    assert watch.feed(b"x") == (b"\x10x", False)
    assert watch.feed(b"\x10\x10\x11") == (b"\x10", True)
