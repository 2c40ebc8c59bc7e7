"""Beside firewalls that drop all forwarding: both kinds of iptables, DOCKER-USER or not."""

import pytest
from tests.support.netlab import HOST, OUTSIDE, Lab, reaches, start

from sampan.network.driver import Binding, NetworkRequest

pytestmark = pytest.mark.root


@pytest.fixture
def lab():
    with Lab() as made:
        yield made


def works(lab, networks):
    box = lab.sandbox()
    start(networks, box, Binding("tcp", 80, "", 8080))
    far, near = lab.outside.listen(80), box.listen(80)
    out = reaches(box.connect(OUTSIDE, 80), far) == HOST
    return out and reaches(lab.outside.connect(HOST, 8080), near) == OUTSIDE


@pytest.mark.parametrize("iptables", ["iptables-nft", "iptables-legacy"])
@pytest.mark.parametrize("chain", ["FORWARD", "DOCKER-USER"])
def test_bridges_pass_where_the_policy_is_to_drop(lab, iptables, chain):
    lab.run(iptables, "-P", "FORWARD", "DROP")
    if chain == "DOCKER-USER":
        lab.run(iptables, "-N", "DOCKER-USER")
        lab.run(iptables, "-A", "DOCKER-USER", "-j", "RETURN")
        lab.run(iptables, "-I", "FORWARD", "-j", "DOCKER-USER")
    before = lab.run(iptables, "-S")
    networks = lab.ready()
    assert works(lab, networks)
    networks.ensure_defaults()
    after = lab.run(iptables, "-S")
    assert after.count("sampan0") == 2
    assert f"-A {chain} -i sampan0 -j ACCEPT" in after
    networks.cleanup()
    assert lab.run(iptables, "-S") == before


def test_dockerd_that_starts_later_is_noticed(lab):
    networks = lab.ready()
    networks.watch()
    networks.heed()
    lab.run("iptables-nft", "-P", "FORWARD", "DROP")
    networks.heed()
    assert works(lab, networks)


def test_bridged_packets_that_become_filtered_get_their_hairpin(lab):
    networks = lab.ready()
    networks.watch()
    networks.heed()
    box = lab.sandbox()
    start(networks, box, Binding("tcp", 80, "", 8080))
    server = box.listen(80)
    assert reaches(box.connect(HOST, 8080), server)
    lab.bridge_netfilter(on=True)
    lab.run("iptables-nft", "-P", "FORWARD", "DROP")
    networks.heed()
    assert reaches(box.connect(HOST, 8080), server)


def test_network_brings_and_takes_its_own_admission(lab):
    lab.run("iptables-nft", "-P", "FORWARD", "DROP")
    networks = lab.ready()
    device = networks.create(NetworkRequest("mine")).device
    assert f"-A FORWARD -i {device} -j ACCEPT" in lab.run("iptables-nft", "-S")
    networks.remove("mine")
    assert device not in lab.run("iptables-nft", "-S")
    assert "-A FORWARD -i sampan0 -j ACCEPT" in lab.run("iptables-nft", "-S")


def test_own_table_goes_on_deciding_behind_an_admission(lab):
    lab.run("iptables-nft", "-P", "FORWARD", "DROP")
    networks = lab.ready()
    networks.create(NetworkRequest("mine"))
    one, two = lab.sandbox(), lab.sandbox("c2")
    start(networks, one)
    other, _ = start(networks, two, network="mine")
    two.listen(80)
    assert one.connect(other.address, 80, timeout=0.3) is None


def test_open_host_gets_no_rule_outside_our_table(lab):
    lab.ready()
    assert "table ip " not in lab.nft("list ruleset")
