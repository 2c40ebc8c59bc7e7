"""Crash, restart, flush, clean-up: what the network room puts right, and what it leaves."""

import os

import pytest
from tests.support.netlab import HOST, OUTSIDE, Lab, connect, reaches, start

from sampan.errors import Conflict
from sampan.linux.netlink import link
from sampan.network.driver import Binding, NetworkRequest
from sampan.network.ports import PortBook
from sampan.state.database import Database

pytestmark = pytest.mark.root


@pytest.fixture
def lab():
    with Lab() as made:
        yield made


@pytest.fixture
def database(tmp_path):
    made = Database(str(tmp_path / "state.db"))
    yield made
    made.close()


def test_ports_and_addresses_survive_a_restart(lab, database):
    before = lab.ready(database)
    living, dead = lab.sandbox("living"), lab.sandbox("dead")
    endpoint, _ = start(before, living, Binding("tcp", 80, "", 8080))
    start(before, dead, Binding("tcp", 80, "", 9090))
    before.close()
    server = living.listen(80)
    assert reaches(lab.outside.connect(HOST, 8080), server) == OUTSIDE

    after = lab.ready(database)
    after.restore({living.id})
    after.restore({living.id})
    assert reaches(lab.outside.connect(HOST, 8080), server) == OUTSIDE
    assert reaches(connect("::1", 8080), server)
    assert lab.outside.connect(HOST, 9090) is None
    assert [row.address for row in after.endpoints_of(living.id)] == [endpoint.address]
    assert after.endpoints_of(dead.id) == []
    late = lab.sandbox("late")
    with pytest.raises(Conflict, match="held by container living"):
        start(after, late, Binding("tcp", 80, "", 8080))
    start(after, late, Binding("tcp", 80, "", 9090))


def test_flushed_ruleset_is_put_back(lab):
    networks = lab.ready()
    box = lab.sandbox()
    start(networks, box, Binding("tcp", 80, "", 8080))
    server = box.listen(80)
    networks.watch()
    assert not networks.heed()
    lab.nft("flush ruleset")
    assert networks.heed()
    assert reaches(lab.outside.connect(HOST, 8080), server)
    assert reaches(box.connect("198.51.100.2", 8080), server)
    networks.heed()
    assert not networks.heed()


def test_flushed_table_does_not_stop_starts_and_ends(lab):
    networks = lab.ready()
    one, two = lab.sandbox(), lab.sandbox("c2")
    start(networks, one, Binding("tcp", 80, "", 8080))
    server = one.listen(80)
    lab.nft("flush ruleset")
    start(networks, two, Binding("tcp", 80, "", 9090))
    assert reaches(lab.outside.connect(HOST, 8080), server)
    lab.nft("flush ruleset")
    networks.detach(two.id)
    assert reaches(lab.outside.connect(HOST, 8080), server)
    assert lab.outside.connect(HOST, 9090) is None


def test_own_changes_are_no_reason_to_look(lab):
    networks = lab.ready()
    networks.watch()
    networks.heed()
    start(networks, lab.sandbox(), Binding("tcp", 80, "", 8080))
    assert not networks._something_happened()


def test_deleted_bridge_comes_back_with_its_containers(lab, database):
    before = lab.ready(database)
    box = lab.sandbox()
    start(before, box, Binding("tcp", 80, "", 8080))
    server = box.listen(80)
    before.close()
    lab.netlink.call(link.delete("sampan0"))
    after = lab.ready(database)
    after.restore({box.id})
    assert reaches(lab.outside.connect(HOST, 8080), server)
    lab.netlink.call(link.delete("sampan0"))
    late = lab.sandbox("late")
    start(after, late)
    assert late.connect("172.17.0.1", 1) is None
    assert ("0.0.0.0/0", "172.17.0.1") in late.routes()


def test_start_that_a_crash_cut_short_can_be_repeated(lab):
    networks = lab.ready()
    box, again = lab.sandbox(), lab.sandbox("again")
    endpoint, _ = start(networks, box, Binding("tcp", 80, "", 8080))
    networks.attach(endpoint, again.pidfd, [Binding("tcp", 80, "", 8080)])
    server = again.listen(80)
    assert reaches(lab.outside.connect(HOST, 8080), server)


def test_port_taken_while_we_were_away_does_not_stop_the_restart(lab, database, caplog):
    before = lab.ready(database)
    box = lab.sandbox()
    start(before, box, Binding("tcp", 80, "127.0.0.1", 8080))
    server = box.listen(80)
    before.close()
    other = PortBook((40000, 40010))
    other.reserve(Binding("tcp", 80, "127.0.0.1", 8080), ("127.0.0.1",), "x", "x")
    after = lab.ready(database)
    after.restore({box.id})
    assert "port is already allocated" in caplog.text
    assert reaches(connect("127.0.0.1", 8080), server)
    other.release_all()


def test_detach_of_everything_leaves_nothing(lab):
    networks = lab.ready()
    links, rules = set(lab.links()), lab.nft("list ruleset")
    boxes = [lab.sandbox(f"c{number}") for number in range(3)]
    for number, box in enumerate(boxes):
        start(networks, box, Binding("tcp", 80, "", 8000 + number), Binding("udp", 80, HOST, 0))
    for box in boxes:
        networks.detach(box.id)
        box.kill()
    lab.wait_for_links(links)
    assert lab.nft("list ruleset") == rules
    assert networks._book._held == {}
    assert list(networks._endpoint_table) == []


def test_starts_and_ends_leave_no_descriptor(lab):
    networks = lab.ready()
    boxes = [lab.sandbox(f"c{number}") for number in range(5)]
    counts = []
    for _ in range(3):
        for box in boxes:
            start(networks, box, Binding("tcp", 80, "", 0), Binding("udp", 80, "", 0))
        for box in boxes:
            networks.disconnect(box.id, "bridge", box.pidfd)
        counts.append(len(os.listdir("/proc/self/fd")))
    assert counts[0] == counts[-1]


def test_cleanup_removes_our_devices_and_rules_and_no_others(lab):
    lab.nft("add table ip someone")
    lab.netlink.call(link.add_bridge("foreign0", "02:00:00:00:00:09"))
    links, rules = set(lab.links()), lab.nft("list ruleset")
    networks = lab.ready()
    networks.create(NetworkRequest("mine"))
    networks.cleanup()
    networks.cleanup()
    assert (set(lab.links()), lab.nft("list ruleset")) == (links, rules)


def test_foreign_bridge_is_used_and_left_as_it_was(lab):
    lab.netlink.call(link.add_bridge("foreign0", "02:00:00:00:00:09"), link.set_up("foreign0"))
    lab.run("ip", "address", "add", "10.99.0.7/24", "dev", "foreign0")
    lab.run("ip", "address", "add", "192.168.77.1/24", "dev", "foreign0")
    networks = lab.ready(bridge="foreign0")
    endpoint, _ = start(networks, lab.sandbox())
    assert (endpoint.address, endpoint.gateway) == ("10.99.0.1", "10.99.0.7")
    networks.cleanup()
    shown = lab.run("ip", "-4", "address", "show", "dev", "foreign0")
    assert "10.99.0.7/24" in shown
    assert "192.168.77.1/24" in shown


def test_default_bridge_keeps_its_subnet_and_avoids_the_hosts_routes(lab, database):
    lab.netlink.call(link.add_bridge("docker0", "02:00:00:00:00:09"), link.set_up("docker0"))
    lab.run("ip", "address", "add", "172.17.0.1/16", "dev", "docker0")
    first = lab.ready(database)
    assert first.get("bridge").pools[0].subnet == "172.18.0.0/16"
    first.close()
    lab.netlink.call(link.delete("docker0"))
    again = lab.ready(database)
    assert again.get("bridge").pools[0].subnet == "172.18.0.0/16"
    again.close()
    moved = lab.ready(database, bip="10.99.0.1/24", fixed_cidr="10.99.0.128/25")
    box = lab.sandbox()
    endpoint, _ = start(moved, box)
    assert (endpoint.address, endpoint.gateway) == ("10.99.0.128", "10.99.0.1")
    assert "172.18.0.1" not in lab.run("ip", "-4", "address", "show", "dev", "sampan0")


def test_second_daemon_on_the_same_bridge_is_refused_and_on_another_works(lab):
    first = lab.ready()
    with pytest.raises(Conflict, match="bridge sampan0 belongs to another daemon"):
        lab.ready()
    second = lab.ready(bridge="other0")
    one, two = lab.sandbox(), lab.sandbox("c2")
    start(first, one, Binding("tcp", 80, "", 8080))
    with pytest.raises(Conflict, match="port is already allocated"):
        start(second, two, Binding("tcp", 80, "", 8080))
    endpoint, _ = start(second, two, Binding("tcp", 80, "", 8081))
    assert endpoint.address == "172.18.0.2"
    server = two.listen(80)
    assert reaches(lab.outside.connect(HOST, 8081), server)
    assert one.connect(endpoint.address, 80, timeout=0.3) is None
    second.cleanup()
    assert "sampan0" in lab.links()
    assert "sampan_sampan0" in lab.nft("list tables")
    first.close()
    lab.ready()


def test_bridge_may_change_its_name_or_be_given_up(lab, database):
    lab.ready(database).close()
    lab.ready(database, bridge="other0").close()
    assert "sampan0" not in lab.links()
    assert "other0" in lab.links()
    none = lab.ready(database, bridge="none")
    assert "other0" not in lab.links()
    assert {network.name for network in none.list()} == {"host", "none"}


def test_lost_state_adopts_the_bridge_that_is_there(lab):
    lab.ready(bip="10.99.0.1/24").close()
    assert lab.ready().get("bridge").pools[0].subnet == "10.99.0.0/24"
