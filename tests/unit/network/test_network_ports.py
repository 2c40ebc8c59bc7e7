"""The book of reserved host ports: who clashes with whom."""

import pytest

from sampan.errors import Conflict
from sampan.network.driver import Binding
from sampan.network.ports import PortBook

FIRST, LAST = 47100, 47400


@pytest.fixture
def book():
    book = PortBook((FIRST, LAST))
    yield book
    book.release_all()


def reserve(book, address, port=0, protocol="udp"):
    binding = Binding(protocol, 80, address, port, 0)
    return book.reserve(binding, (address,), "holder", "web")


def test_every_address_clashes_with_each_and_is_told_who_holds_it(book):
    port = reserve(book, "127.0.0.1")
    with pytest.raises(Conflict, match=r"already allocated \(held by container web\)"):
        reserve(book, "0.0.0.0", port)
    book.release("udp", "127.0.0.1", port)
    assert reserve(book, "0.0.0.0", port) == port
    with pytest.raises(Conflict, match=r"held by container web"):
        reserve(book, "127.0.0.1", port)


def test_two_addresses_and_two_protocols_share_a_number(book):
    port = reserve(book, "127.0.0.1")
    assert reserve(book, "127.0.0.2", port) == port
    assert reserve(book, "127.0.0.1", port, "tcp") == port


def test_a_port_given_back_can_be_reserved_again(book):
    port = reserve(book, "127.0.0.1")
    book.release("udp", "127.0.0.1", port)
    book.release("udp", "127.0.0.1", port)
    assert reserve(book, "127.0.0.1", port) == port
