"""Published ports: addresses, protocols, hairpin, conflicts, and who may not reach them."""

import os
import socket

import pytest
from tests.support.netlab import HOST, HOST_TOO, OUTSIDE, Lab, connect, reaches, start

from sampan.errors import Conflict
from sampan.linux.netlink import address, link, route
from sampan.linux.netlink.socket import Netlink
from sampan.network.driver import Binding

pytestmark = pytest.mark.root


@pytest.fixture
def lab():
    with Lab() as made:
        yield made


def test_port_bound_to_one_address_is_open_there_only(lab):
    box = lab.sandbox()
    _, opened = start(lab.ready(), box, Binding("tcp", 80, HOST, 8080))
    assert opened == [Binding("tcp", 80, HOST, 8080)]
    server = box.listen(80)
    assert reaches(lab.outside.connect(HOST, 8080), server)
    assert reaches(connect(HOST, 8080), server)
    assert lab.outside.connect(HOST_TOO, 8080) is None
    assert connect("127.0.0.1", 8080) is None


def test_loopback_port_is_open_to_the_host_and_to_nobody_else(lab):
    networks = lab.ready()
    box, other = lab.sandbox(), lab.sandbox("c2")
    start(networks, box, Binding("tcp", 80, "127.0.0.1", 8080))
    start(networks, other)
    server = box.listen(80)
    assert reaches(connect("127.0.0.1", 8080), server)
    # Neighbours, and containers, that send packets for 127.0.0.1 our way by hand.
    for attacker, device, way in ((lab.outside, "world", HOST), (other, "eth0", "172.17.0.1")):
        with attacker.inside(), Netlink() as inside:
            for name in ("all", device):
                with open(f"/proc/sys/net/ipv4/conf/{name}/route_localnet", "w") as file:
                    file.write("1")
            lo = socket.if_nametoindex("lo")
            inside.call(address.delete_address(lo, "127.0.0.1", 8))
            inside.call(
                route.add_route("127.0.0.1/32", index=socket.if_nametoindex(device), gateway=way)
            )
        assert attacker.connect("127.0.0.1", 8080, timeout=0.3) is None


def test_container_does_not_reach_services_on_the_hosts_loopback(lab):
    box = lab.sandbox()
    start(lab.ready(), box)
    with socket.create_server(("127.0.0.1", 6379)), box.inside(), Netlink() as inside:
        for name in ("all", "eth0"):
            with open(f"/proc/sys/net/ipv4/conf/{name}/route_localnet", "w") as file:
                file.write("1")
        inside.call(address.delete_address(socket.if_nametoindex("lo"), "127.0.0.1", 8))
        eth = socket.if_nametoindex("eth0")
        inside.call(route.add_route("127.0.0.1/32", index=eth, gateway="172.17.0.1"))
        assert connect("127.0.0.1", 6379, timeout=0.3) is None


def test_unpublished_port_is_not_reached_from_outside_by_its_own_address(lab):
    networks = lab.ready()
    box = lab.sandbox()
    endpoint, _ = start(networks, box, Binding("tcp", 80, "127.0.0.1", 8080))
    box.listen(80)
    with lab.outside.inside(), Netlink() as inside:
        world = socket.if_nametoindex("world")
        inside.call(route.add_route("172.17.0.0/16", index=world, gateway=HOST))
    assert lab.outside.connect(endpoint.address, 80, timeout=0.3) is None


def test_udp_goes_there_and_back(lab):
    box, other = lab.sandbox(), lab.sandbox("c2")
    networks = lab.ready()
    start(networks, box, Binding("udp", 53, "", 5353))
    start(networks, other)
    server = box.listen(53, protocol="udp")
    for client in (lab.outside, other, box):
        with client.inside(), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
            asking.settimeout(2)
            asking.sendto(b"question", (HOST, 5353))
            said, peer = server.recvfrom(100)
            server.sendto(b"answer to " + said, peer)
            assert asking.recvfrom(100) == (b"answer to question", (HOST, 5353))


def test_udp_flow_follows_the_port_to_its_next_container(lab):
    networks = lab.ready()
    one, two = lab.sandbox(), lab.sandbox("c2")
    first, second = one.listen(53, protocol="udp"), two.listen(53, protocol="udp")
    with lab.outside.inside():
        asking = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    with asking:
        asking.sendto(b"nobody there", (HOST, 5353))
        start(networks, one, Binding("udp", 53, "", 5353))
        asking.sendto(b"one", (HOST, 5353))
        assert first.recv(100) == b"one"
        networks.detach(one.id)
        start(networks, lab.sandbox("in between"))
        start(networks, two, Binding("udp", 53, "", 5353))
        asking.sendto(b"two", (HOST, 5353))
        assert second.recv(100) == b"two"


def test_hairpin_works_while_bridged_packets_are_filtered(lab):
    lab.bridge_netfilter(on=True)
    networks = lab.ready()
    box, other = lab.sandbox(), lab.sandbox("c2")
    endpoint, _ = start(networks, box, Binding("tcp", 80, "", 8080))
    start(networks, other)
    server = box.listen(80)
    assert reaches(box.connect(HOST, 8080), server)
    assert reaches(other.connect(HOST, 8080), server)
    assert reaches(other.connect("172.17.0.1", 8080), server)
    assert reaches(other.connect(endpoint.address, 80), server) == "172.17.0.3"
    assert reaches(lab.outside.connect(HOST, 8080), server) == OUTSIDE


def test_free_ports_and_ranges_give_what_is_free(lab):
    networks = lab.ready()
    one, two = lab.sandbox(), lab.sandbox("c2")
    wished = (Binding("tcp", 80, "127.0.0.1", 7000, 7001), Binding("tcp", 81, "127.0.0.1", 0))
    _, first = start(networks, one, *wished)
    _, second = start(networks, two, *wished)
    assert [first[0].host_port, second[0].host_port] == [7000, 7001]
    assert 32768 <= first[1].host_port != second[1].host_port
    server = two.listen(80)
    assert reaches(connect("127.0.0.1", 7001), server)
    with pytest.raises(Conflict, match="Bind for 127.0.0.1:7001 failed"):
        start(networks, lab.sandbox("c3"), Binding("tcp", 80, "127.0.0.1", 7000, 7001))


def test_same_port_on_other_address_or_protocol_is_no_conflict(lab):
    networks = lab.ready()
    start(networks, lab.sandbox(), Binding("tcp", 80, "127.0.0.1", 8080))
    start(networks, lab.sandbox("c2"), Binding("tcp", 80, HOST, 8080))
    start(networks, lab.sandbox("c3"), Binding("udp", 80, "", 8080))
    with pytest.raises(Conflict):
        start(networks, lab.sandbox("c4"), Binding("tcp", 80, "", 8080))


def test_port_of_a_host_process_is_refused_by_its_name(lab):
    networks = lab.ready()
    with socket.create_server(("127.0.0.1", 8080)), pytest.raises(Conflict) as refusal:
        start(networks, lab.sandbox(), Binding("tcp", 80, "", 8080))
    assert "Bind for 0.0.0.0:8080 failed: port is already allocated" in str(refusal.value)
    assert f"(pid {os.getpid()})" in str(refusal.value)


def test_taken_address_is_refused_with_the_reason(lab):
    networks = lab.ready()
    with pytest.raises(Conflict, match="cannot assign requested address"):
        start(networks, lab.sandbox(), Binding("tcp", 80, "203.0.113.77", 8080))


def test_refused_start_leaves_no_port_open(lab):
    networks = lab.ready()
    box = lab.sandbox()
    with socket.create_server(("", 8081)), pytest.raises(Conflict):
        start(networks, box, Binding("tcp", 80, "", 8080), Binding("tcp", 81, "", 8081))
    socket.create_server(("", 8080)).close()
    assert "eth0" not in box.links()
    assert "8080" not in lab.nft("list table inet sampan_sampan0")


def test_nobody_else_can_take_a_published_port(lab):
    start(lab.ready(), lab.sandbox(), Binding("tcp", 80, "", 8080), Binding("udp", 80, "", 8080))
    with pytest.raises(OSError, match="Address already in use"):
        socket.create_server(("", 8080), reuse_port=True)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as late:
        late.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        with pytest.raises(OSError, match="Address already in use"):
            late.bind(("", 8080))


def test_proxy_carries_bulk_both_ways_and_half_closes(lab):
    networks = lab.ready()
    box = lab.sandbox()
    start(networks, box, Binding("tcp", 80, "", 8080))
    server = box.listen(80)
    with connect("::1", 8080) as client:
        accepted, _ = server.accept()
        with accepted:
            accepted.settimeout(5)
            client.settimeout(5)
            bulk = os.urandom(300_000)
            client.sendall(bulk)
            client.shutdown(socket.SHUT_WR)
            assert _read_all(accepted) == bulk
            accepted.sendall(bulk[::-1])
            accepted.shutdown(socket.SHUT_WR)
            assert _read_all(client) == bulk[::-1]


def test_without_packet_filter_the_proxy_does_it_all(lab):
    networks = lab.ready(iptables=False)
    box = lab.sandbox()
    start(networks, box, Binding("tcp", 80, "", 8080))
    server = box.listen(80)
    assert reaches(connect("127.0.0.1", 8080), server)
    assert reaches(lab.outside.connect(HOST, 8080), server)
    assert "sampan" not in lab.nft("list ruleset")


def test_refused_connection_ends_the_clients_one(lab):
    networks = lab.ready()
    box = lab.sandbox()
    start(networks, box, Binding("tcp", 80, "", 8080))
    with connect("::1", 8080) as client:
        client.settimeout(2)
        assert client.recv(1) == b""


def test_links_inside_and_outside_are_the_same_pair(lab):
    networks = lab.ready(mtu=1400)
    box = lab.sandbox()
    start(networks, box)
    (record,) = networks.endpoints_of(box.id)
    ours = lab.links()[record.host_interface]
    assert ours.master == lab.links()["sampan0"].ifindex
    assert (ours.mtu, box.links()["eth0"].mtu, lab.links()["sampan0"].mtu) == (1400, 1400, 1400)
    assert link.get_link(lab.netlink, record.host_interface) == ours


def _read_all(sock):
    parts = []
    while part := sock.recv(65536):
        parts.append(part)
    return b"".join(parts)
