"""Detach keys in what is typed."""

import pytest

from sampan.api.detach_keys import DetachScanner, parse_keys
from sampan.errors import InvalidRequest


def test_keys_become_the_bytes_a_terminal_sends():
    assert parse_keys("") == b"\x10\x11"
    assert parse_keys("ctrl-a,x") == b"\x01x"
    assert parse_keys("ctrl-@,ctrl-[") == b"\x00\x1b"


@pytest.mark.parametrize("text", ["ctrl-", "ctrl-1", "ab", ",", "ctrl-pp"])
def test_other_words_are_refused(text):
    with pytest.raises(InvalidRequest, match="invalid detach keys"):
        parse_keys(text)


def test_typing_passes_through():
    scanner = DetachScanner(b"\x10\x11")
    assert scanner.feed(b"ls\n") == b"ls\n"
    assert not scanner.detached


def test_half_a_sequence_is_held_until_it_is_clear():
    scanner = DetachScanner(b"\x10\x11")
    assert scanner.feed(b"a\x10") == b"a"
    assert scanner.feed(b"b") == b"\x10b"
    assert not scanner.detached


def test_the_sequence_detaches_also_when_it_comes_in_pieces():
    scanner = DetachScanner(b"\x10\x11")
    assert scanner.feed(b"a\x10") == b"a"
    assert scanner.feed(b"\x11rest") == b""
    assert scanner.detached


def test_a_sequence_that_begins_like_itself_is_found():
    scanner = DetachScanner(b"\x10\x10\x11")
    assert scanner.feed(b"\x10\x10\x10") == b"\x10"
    assert scanner.feed(b"\x11") == b""
    assert scanner.detached
