"""The default bridge between real namespaces: addresses, ways out, published ports."""

import pytest
from tests.support.netlab import HOST, HOST_TOO, OUTSIDE, Lab, connect, reaches, start

from sampan.errors import Conflict, Unavailable
from sampan.network.driver import Binding

pytestmark = pytest.mark.root


@pytest.fixture
def lab():
    with Lab() as made:
        yield made


def test_endpoint_has_address_route_and_mac(lab):
    networks = lab.ready()
    box = lab.sandbox()
    endpoint, _ = start(networks, box)
    assert endpoint.address == "172.17.0.2"
    assert endpoint.mac == "02:42:ac:11:00:02"
    assert box.links()["eth0"].mac == endpoint.mac
    assert box.links()["lo"].up
    assert "172.17.0.2/16" in box.addresses()
    assert ("0.0.0.0/0", "172.17.0.1") in box.routes()


def test_two_sandboxes_reach_each_other(lab):
    networks = lab.ready()
    one, two = lab.sandbox(), lab.sandbox("c2")
    first, _ = start(networks, one)
    start(networks, two)
    server = one.listen(80)
    assert reaches(two.connect(first.address, 80), server) == "172.17.0.3"


def test_outside_sees_the_host(lab):
    networks = lab.ready()
    box = lab.sandbox()
    start(networks, box)
    server = lab.outside.listen(80)
    assert reaches(box.connect(OUTSIDE, 80), server) == HOST


def test_published_port_is_reached_from_everywhere(lab):
    networks = lab.ready()
    box, other = lab.sandbox(), lab.sandbox("c2")
    _, opened = start(networks, box, Binding("tcp", 80, "", 8080))
    start(networks, other)
    assert Binding("tcp", 80, "0.0.0.0", 8080) in opened
    server = box.listen(80)
    assert reaches(lab.outside.connect(HOST, 8080), server) == OUTSIDE
    assert reaches(lab.outside.connect(HOST_TOO, 8080), server) == OUTSIDE
    assert reaches(connect("127.0.0.1", 8080), server) == "172.17.0.1"
    assert reaches(connect(HOST, 8080), server)
    assert reaches(other.connect(HOST, 8080), server)
    assert reaches(box.connect(HOST, 8080), server)
    assert reaches(other.connect("172.17.0.1", 8080), server)
    assert reaches(connect("::1", 8080), server)


def test_detach_closes_ports_and_gives_the_address_back(lab):
    networks = lab.ready()
    box = lab.sandbox()
    endpoint, _ = start(networks, box, Binding("tcp", 80, "", 8080))
    server = box.listen(80)
    assert reaches(connect(HOST, 8080), server)
    networks.detach(box.id)
    assert connect(HOST, 8080) is None
    assert connect(endpoint.address, 80, timeout=0.1) is None
    again, _ = start(networks, lab.sandbox("c2"), Binding("tcp", 80, "", 8080))
    assert again.address == endpoint.address


def test_port_of_another_container_is_refused_by_name(lab):
    networks = lab.ready()
    start(networks, lab.sandbox("web"), Binding("tcp", 80, "", 8080))
    with pytest.raises(Conflict) as refusal:
        start(networks, lab.sandbox("late"), Binding("tcp", 80, "", 8080))
    text = str(refusal.value)
    assert text.startswith("driver failed programming external connectivity on endpoint late (")
    assert "Bind for 0.0.0.0:8080 failed: port is already allocated" in text
    assert "container web" in text


def test_container_that_is_gone_is_said_to_be_with_the_kernels_reason(lab):
    networks = lab.ready()
    box = lab.sandbox("web")
    box.kill()
    with pytest.raises(Unavailable, match="cannot connect web to network bridge: no such process"):
        start(networks, box, Binding("tcp", 80, "", 8080))
    networks.detach(box.id)
    start(networks, lab.sandbox("c2"), Binding("tcp", 80, "", 8080))


def test_first_packet_after_attach_is_not_lost(lab):
    # A lost SYN is sent again after one second (RFC 6298).
    networks = lab.ready()
    server = lab.outside.listen(80)
    for number in range(5):
        box = lab.sandbox(f"c{number}")
        start(networks, box)
        assert reaches(box.connect(OUTSIDE, 80, timeout=0.9), server)
