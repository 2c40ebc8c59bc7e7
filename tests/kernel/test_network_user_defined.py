"""Networks that users make: addresses, isolation, internal ones, several for one container."""

import pytest
from tests.support.netlab import HOST, HOST6, OUTSIDE, OUTSIDE6, Lab, connect, reaches, start

from sampan.errors import Conflict, Forbidden, InvalidRequest, NotFound, Unavailable
from sampan.network import bridge_options
from sampan.network.driver import Binding, NetworkRequest, Wishes

pytestmark = pytest.mark.root


@pytest.fixture
def lab():
    with Lab() as made:
        yield made


def test_network_gets_a_bridge_and_a_subnet_and_gives_them_back(lab):
    networks = lab.ready()
    network = networks.create(NetworkRequest("mine"))
    assert lab.links()[network.device].up
    assert network.pools[0].subnet == "172.18.0.0/16"
    assert network.pools[0].gateway == "172.18.0.1"
    networks.remove("mine")
    assert network.device not in lab.links()
    assert network.device not in lab.nft("list ruleset")
    with pytest.raises(NotFound):
        networks.get("mine")


def test_network_is_found_by_name_id_and_prefix(lab):
    networks = lab.ready()
    network = networks.create(NetworkRequest("mine"))
    for ref in ("mine", network.id, network.id[:12]):
        assert networks.get(ref) is network


def test_asked_addresses_are_given(lab):
    networks = lab.ready()
    networks.create(
        NetworkRequest("mine", pools=(("10.7.0.0/24", "10.7.0.254", "10.7.0.64/26", {}),))
    )
    one, two = lab.sandbox(), lab.sandbox("c2")
    first, _ = start(networks, one, network="mine", address="10.7.0.9", mac="0A:00:00:00:00:01")
    second, _ = start(networks, two, network="mine")
    assert (first.address, first.mac, first.gateway) == (
        "10.7.0.9",
        "0a:00:00:00:00:01",
        "10.7.0.254",
    )
    assert second.address == "10.7.0.64"
    server = one.listen(80)
    assert reaches(two.connect("10.7.0.9", 80), server) == "10.7.0.64"
    with pytest.raises(Conflict, match="already in use"):
        networks.allocate("x" * 64, "mine", Wishes(address="10.7.0.9"))
    with pytest.raises(InvalidRequest, match="no configured subnet"):
        networks.allocate("x" * 64, "mine", Wishes(address="10.8.0.9"))
    with pytest.raises(InvalidRequest, match="user defined networks only"):
        networks.allocate("x" * 64, "bridge", Wishes(address="172.17.0.9"))


def test_address_is_reached_at_once_under_its_next_mac(lab):
    networks = lab.ready()
    first, second = lab.sandbox(), lab.sandbox("c2")
    endpoint, _ = start(networks, first, mac="0a:00:00:00:00:01")
    server = first.listen(80)
    assert reaches(connect(endpoint.address, 80), server)
    networks.detach(first.id)
    start(networks, second)
    server = second.listen(80)
    assert reaches(connect(endpoint.address, 80), server)


def test_networks_do_not_reach_each_other_except_by_published_ports(lab):
    networks = lab.ready()
    networks.create(NetworkRequest("mine"))
    one, two = lab.sandbox(), lab.sandbox("c2")
    start(networks, one)
    other, _ = start(networks, two, Binding("tcp", 80, "", 8080), network="mine")
    server = two.listen(80)
    assert one.connect(other.address, 80, timeout=0.3) is None
    assert reaches(one.connect(HOST, 8080), server)


def test_internal_network_has_no_way_out_and_publishes_nothing(lab):
    networks = lab.ready()
    networks.create(NetworkRequest("inner", internal=True))
    one, two = lab.sandbox(), lab.sandbox("c2")
    endpoint, opened = start(networks, one, Binding("tcp", 80, "", 8080), network="inner")
    start(networks, two, network="inner")
    assert opened == []
    lab.outside.listen(80)
    assert one.connect(OUTSIDE, 80, timeout=0.3) is None
    assert not [way for way in one.routes() if way[0] == "0.0.0.0/0"]
    server = one.listen(80)
    assert reaches(two.connect(endpoint.address, 80), server)


def test_ports_are_bound_where_the_network_says(lab):
    networks = lab.ready()
    option = {bridge_options.HOST_BINDING: "127.0.0.1"}
    networks.create(NetworkRequest("mine", options=option))
    wished = (Binding("tcp", 80, "", 8080), Binding("tcp", 80, HOST, 8081))
    _, opened = start(networks, lab.sandbox(), *wished, network="mine")
    assert [binding.host_ip for binding in opened] == ["127.0.0.1", HOST]


def test_icc_off_keeps_neighbours_apart_and_ports_open(lab):
    networks = lab.ready(icc=False)
    one, two = lab.sandbox(), lab.sandbox("c2")
    endpoint, _ = start(networks, one, Binding("tcp", 80, "", 8080))
    start(networks, two)
    server = one.listen(80)
    assert two.connect(endpoint.address, 80, timeout=0.3) is None
    assert reaches(lab.outside.connect(HOST, 8080), server)
    assert reaches(two.connect(HOST, 8080), server)


def test_second_network_joins_a_running_container_and_leaves_it(lab):
    networks = lab.ready()
    networks.create(NetworkRequest("mine"))
    box, other = lab.sandbox(), lab.sandbox("c2")
    start(networks, box)
    start(networks, other, network="mine")
    endpoint, _ = start(networks, box, network="mine")
    assert endpoint.interface == "eth1"
    assert [way for way in box.routes() if way[0] == "0.0.0.0/0"] == [("0.0.0.0/0", "172.17.0.1")]
    server, far = box.listen(80), lab.outside.listen(80)
    assert reaches(other.connect(endpoint.address, 80), server)
    networks.disconnect(box.id, "bridge", box.pidfd)
    assert sorted(box.links()) == ["eth1", "lo"]
    assert ("0.0.0.0/0", "172.18.0.1") in box.routes()
    assert reaches(box.connect(OUTSIDE, 80), far) == HOST


def test_network_in_use_and_the_default_ones_are_not_removed(lab):
    networks = lab.ready()
    networks.create(NetworkRequest("mine"))
    networks.create(NetworkRequest("unused"))
    start(networks, lab.sandbox("web"), network="mine")
    with pytest.raises(Forbidden, match="active endpoints.*web"):
        networks.remove("mine")
    with pytest.raises(Forbidden, match="pre-defined"):
        networks.remove("bridge")
    assert networks.prune(lambda network: True) == ["unused"]


def test_bad_requests_are_refused_and_leave_no_bridge(lab):
    networks = lab.ready()
    networks.create(NetworkRequest("mine", pools=(("10.7.0.0/24", "", "", {}),)))
    before = set(lab.links())
    refused = (
        (NetworkRequest("mine"), Conflict),
        (NetworkRequest("-bad name"), InvalidRequest),
        (NetworkRequest("a", pools=(("10.7.0.128/25", "", "", {}),)), Forbidden),
        (NetworkRequest("b", pools=(("10.9.0.0/24", "10.8.0.1", "", {}),)), InvalidRequest),
        (NetworkRequest("c", pools=(("nonsense", "", "", {}),)), InvalidRequest),
        (NetworkRequest("d", driver="weird"), NotFound),
        (NetworkRequest("e", driver="host"), Forbidden),
        (NetworkRequest("f", options={bridge_options.NAME: "x/y"}), InvalidRequest),
        (NetworkRequest("j", options={bridge_options.NAME: "uplink"}), Conflict),
        (NetworkRequest("k", options={bridge_options.NAME: ".."}), InvalidRequest),
        (NetworkRequest("g", options={bridge_options.MTU: "many"}), InvalidRequest),
        (NetworkRequest("h", options={bridge_options.ICC: "maybe"}), InvalidRequest),
        (NetworkRequest("i", options={bridge_options.HOST_BINDING: "here"}), InvalidRequest),
    )
    for request, refusal in refused:
        with pytest.raises(refusal):
            networks.create(request)
    assert set(lab.links()) == before


def test_network_the_kernel_refuses_is_not_kept(lab):
    networks = lab.ready()
    option = {bridge_options.NAME: "all"}  # the kernel has its own use for that name
    with pytest.raises(Unavailable, match="cannot make network mine: invalid argument"):
        networks.create(NetworkRequest("mine", options=option))
    assert "mine" not in {network.name for network in networks.list()}


def test_ipv6_network_has_addresses_routes_and_published_ports(lab):
    networks = lab.ready()
    networks.create(NetworkRequest("six", ipv6=True, pools=(("fd00:7::/64", "", "", {}),)))
    one, two = lab.sandbox(), lab.sandbox("c2")
    endpoint, opened = start(networks, one, Binding("tcp", 80, "", 8080), network="six")
    start(networks, two, network="six")
    assert (endpoint.address6, endpoint.gateway6) == ("fd00:7::2", "fd00:7::1")
    assert endpoint.address == "172.18.0.2"
    assert ("::/0", "fd00:7::1") in one.routes()
    assert {binding.host_ip for binding in opened} == {"0.0.0.0", "::"}
    server = one.listen(80, ip="::")
    assert reaches(two.connect("fd00:7::2", 80), server) == "fd00:7::3"
    assert reaches(lab.outside.connect(HOST6, 8080), server) == OUTSIDE6
    assert reaches(two.connect(HOST6, 8080), server)
    assert reaches(connect(HOST6, 8080), server)
    assert reaches(connect("::1", 8080), server)
    assert reaches(connect("127.0.0.1", 8080), server)
    far = lab.outside.listen(80, ip="::")
    assert reaches(one.connect(OUTSIDE6, 80), far) == HOST6


def test_ipv6_without_a_subnet_gets_a_local_one(lab):
    networks = lab.ready(ipv6=True)
    network = networks.create(NetworkRequest("six", ipv6=True))
    default, ours = (networks.get(name).pools[1].subnet for name in ("bridge", "six"))
    assert default.startswith("fd")
    assert default.endswith("::/64")
    assert ours.startswith(default[:13])
    assert ours != default
    assert network.ipv6
    box = lab.sandbox()
    endpoint, _ = start(networks, box)
    server = lab.outside.listen(81, ip="::")
    assert reaches(box.connect(OUTSIDE6, 81), server) == HOST6
    assert f"{endpoint.address6}/64" in box.addresses()


def test_none_has_loopback_only_and_host_is_left_alone(lab):
    networks = lab.ready()
    box = lab.sandbox()
    endpoint, opened = start(networks, box, Binding("tcp", 80, "", 8080), network="none")
    assert (endpoint.address, opened) == ("", [])
    assert box.links()["lo"].up
    assert list(box.links()) == ["lo"]
    start(networks, lab.sandbox("c2"), Binding("tcp", 80, "", 8080), network="host")
    networks.detach(box.id)
