"""Our netlink messages against the kernel, with pyroute2 as the second opinion."""

import errno
import os
import socket

import pytest
from tests.support.netlab import Lab

from sampan.linux import netns
from sampan.linux.netlink import address, link, neighbour, route
from sampan.linux.netlink.socket import Netlink

pyroute2 = pytest.importorskip("pyroute2")

pytestmark = pytest.mark.root


@pytest.fixture
def lab():
    with Lab() as made:
        yield made


@pytest.fixture
def oracle(lab):
    with pyroute2.IPRoute() as made:
        yield made


def bridge(lab, name="br0"):
    lab.netlink.call(link.add_bridge(name, "02:00:00:00:00:07", 1400), link.set_up(name))
    return link.get_link(lab.netlink, name)


def test_bridge_is_as_asked(lab, oracle):
    made = bridge(lab)
    (seen,) = oracle.link("get", index=made.ifindex)
    assert seen.get_attr("IFLA_ADDRESS") == made.mac == "02:00:00:00:00:07"
    assert seen.get_attr("IFLA_MTU") == made.mtu == 1400
    assert seen.get_nested("IFLA_LINKINFO", "IFLA_INFO_KIND") == made.kind == "bridge"
    assert made.up


def test_veth_is_born_in_the_other_namespace_and_in_the_bridge(lab, oracle):
    made = bridge(lab)
    box = lab.sandbox()
    with box.inside():
        there = netns.open_current()
    lab.netlink.call(
        link.add_veth(
            "v0",
            peer="eth5",
            peer_mac="02:00:00:00:00:08",
            peer_netns=there,
            master=made.ifindex,
            mtu=1300,
        )
    )
    os.close(there)
    (seen,) = oracle.link("get", ifname="v0")
    assert seen.get_attr("IFLA_MASTER") == made.ifindex
    assert seen.get_attr("IFLA_NUM_TX_QUEUES") == 1
    assert box.links()["eth5"].mac == "02:00:00:00:00:08"
    assert box.links()["eth5"].mtu == 1300
    assert "eth5" not in lab.links()


def test_bridge_port_takes_its_flags(lab, oracle):
    made = bridge(lab)
    lab.run("ip", "link", "add", "v0", "type", "veth", "peer", "v1")
    lab.netlink.call(link.set_master("v0", made.ifindex), link.set_up("v0"), link.set_up("v1"))
    index = socket.if_nametoindex("v0")
    lab.netlink.call(
        link.settle(index), link.set_bridge_port(index, hairpin=True, isolated=True)
    )
    assert _port(oracle, index, "IFLA_BRPORT_MODE") == 1
    assert _port(oracle, index, "IFLA_BRPORT_ISOLATED") == 1
    assert _port(oracle, index, "IFLA_BRPORT_STATE") == 3
    lab.netlink.call(link.disable_bridge_port(index))
    assert _port(oracle, index, "IFLA_BRPORT_STATE") == 0


def test_link_changes_name_mac_and_mtu(lab, oracle):
    made = bridge(lab)
    lab.netlink.call(
        link.set_mtu("br0", 1280),
        link.set_mac("br0", "02:00:00:00:00:09"),
        link.set_down("br0"),
        link.set_name(made.ifindex, "br1"),
    )
    changed = link.get_link(lab.netlink, "br1")
    assert (changed.mtu, changed.mac, changed.up) == (1280, "02:00:00:00:00:09", False)
    lab.netlink.call(link.delete("br1"))
    assert not oracle.link_lookup(ifname="br1")


def test_addresses_come_and_go(lab, oracle):
    index = bridge(lab).ifindex
    lab.netlink.call(
        address.add_address(index, "10.7.0.1", 24), address.add_address(index, "fd00::1", 64)
    )
    lab.netlink.call(address.add_address(index, "10.7.0.1", 24))
    seen = {
        (found.get_attr("IFA_ADDRESS"), found["prefixlen"])
        for found in oracle.get_addr(index=index)
    }
    ours = {(a.address, a.prefix) for a in address.list_addresses(lab.netlink, index)}
    assert {("10.7.0.1", 24), ("fd00::1", 64)} <= ours
    assert ours == seen
    broadcasts = [f.get_attr("IFA_BROADCAST") for f in oracle.get_addr(index=index, family=2)]
    assert broadcasts == ["10.7.0.255"]
    lab.netlink.call(address.delete_address(index, "10.7.0.1", 24))
    assert "10.7.0.1" not in {a.address for a in address.list_addresses(lab.netlink, index)}


def test_routes_come_and_go(lab, oracle):
    index = bridge(lab).ifindex
    lab.netlink.call(address.add_address(index, "10.7.0.1", 24))
    lab.netlink.call(
        route.add_route("10.9.0.0/16", index=index, gateway="10.7.0.9"),
        route.add_route("10.8.0.0/16", index=index),
    )
    (seen,) = oracle.route("get", dst="10.9.1.1")
    assert seen.get_attr("RTA_GATEWAY") == "10.7.0.9"
    assert route.get_route(lab.netlink, "10.9.1.1").gateway == "10.7.0.9"
    listed = {found.destination: found for found in route.list_routes(lab.netlink)}
    assert listed["10.8.0.0/16"].ifindex == listed["10.7.0.0/24"].ifindex == index
    assert listed["0.0.0.0/0"].gateway == "198.51.100.1"
    lab.netlink.call(route.delete_route("10.8.0.0/16", index=index))
    assert "10.8.0.0/16" not in {r.destination for r in route.list_routes(lab.netlink)}


def test_neighbour_is_forgotten(lab):
    index = bridge(lab).ifindex
    lab.run("ip", "neighbour", "add", "10.7.0.9", "lladdr", "02:00:00:00:00:01", "dev", "br0")
    lab.netlink.call(neighbour.delete_neighbour(index, "10.7.0.9"))
    with pytest.raises(OSError, match="10.7.0.9") as refusal:
        lab.netlink.call(neighbour.delete_neighbour(index, "10.7.0.9"))
    assert refusal.value.errno == errno.ENOENT


def test_refusal_has_the_kernels_errno_and_names_the_link(lab):
    with pytest.raises(OSError, match="nosuch") as refusal:
        lab.netlink.call(link.set_up("nosuch"))
    assert refusal.value.errno == errno.ENODEV
    with pytest.raises(OSError, match="nosuch"):
        link.get_link(lab.netlink, "nosuch")


def test_one_refusal_among_several_is_told_from_the_others(lab):
    bridge(lab)
    results = lab.netlink.attempt([link.set_up("br0"), link.set_up("nosuch"), link.set_down("br0")])
    assert [error and error.errno for error in results] == [None, errno.ENODEV, None]


def test_thread_comes_home_from_another_namespace_even_after_an_error(lab):
    box = lab.sandbox()
    before = os.stat("/proc/thread-self/ns/net").st_ino

    def fail_inside():
        with box.inside():
            assert os.stat("/proc/thread-self/ns/net").st_ino != before
            raise KeyError

    with pytest.raises(KeyError):
        fail_inside()
    assert os.stat("/proc/thread-self/ns/net").st_ino == before


def test_socket_stays_in_the_namespace_it_was_opened_in(lab):
    box = lab.sandbox()
    with box.inside():
        inside = Netlink()
    with inside:
        assert [found.name for found in link.list_links(inside)] == ["lo"]


def _port(oracle, index, name):
    (seen,) = oracle.link("get", index=index)
    return seen.get_nested("IFLA_LINKINFO", "IFLA_INFO_SLAVE_DATA", name)
