"""Netlink messages as bytes, without a kernel."""

import pytest

from sampan.linux.netlink import link
from sampan.linux.netlink.message import Request, attribute, attributes, nested, replies, text, u32


def test_attributes_are_padded_and_found_again() -> None:
    data = text(1, "ab") + u32(2, 7) + nested(3, text(4, "x"))
    assert len(data) % 4 == 0
    found = attributes(data)
    assert found[1] == b"ab\0"
    assert found[2] == (7).to_bytes(4, "little")
    assert attributes(found[3]) == {4: b"x\0"}


@pytest.mark.parametrize("data", [b"", b"\1", b"\0\0\0\0", b"\3\0\1\0", b"\xff\xff\1\0ab"])
def test_broken_attributes_do_not_loop_or_raise(data: bytes) -> None:
    attributes(data)


@pytest.mark.parametrize("data", [b"", b"\1" * 15, b"\0" * 32, b"\xff" * 20])
def test_broken_messages_do_not_loop_or_raise(data: bytes) -> None:
    list(replies(data))


def test_message_carries_its_length_and_sequence() -> None:
    packet = Request(16, 5, b"abcd").encode(9)
    assert packet == bytes.fromhex("14000000 1000 0500 09000000 00000000") + b"abcd"
    (reply,) = replies(packet + packet[:3])
    assert (reply.kind, reply.flags, reply.sequence, reply.payload) == (16, 5, 9, b"abcd")


def test_mac_is_six_bytes() -> None:
    assert link.mac_bytes("02:42:ac:11:00:02") == bytes.fromhex("0242ac110002")


def test_request_names_what_it_is_about() -> None:
    assert link.set_up("eth7").subject == "eth7"
    assert attribute(1, b"") == b"\4\0\1\0"
