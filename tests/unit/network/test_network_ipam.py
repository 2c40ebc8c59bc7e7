"""Subnets and addresses, chosen without a host."""

import pytest

from sampan.errors import Conflict, Forbidden, InvalidRequest, Unavailable
from sampan.network import ipam
from sampan.network.options import DEFAULT_POOLS, AddressPool
from sampan.state.networks import Pool

SMALL = Pool(subnet="10.7.0.0/29", gateway="10.7.0.1")


def test_first_pool_is_dockers() -> None:
    assert str(ipam.free_subnet(DEFAULT_POOLS, [])) == "172.17.0.0/16"


def test_subnets_with_routes_are_skipped() -> None:
    taken = ["172.17.0.0/24", "172.16.0.0/13", "10.0.0.0/8", "fd00::/8"]
    assert str(ipam.free_subnet(DEFAULT_POOLS, taken)) == "172.24.0.0/16"


def test_pools_are_cut_to_their_size_and_end() -> None:
    pools = [AddressPool("10.0.0.0/23", 24)]
    assert str(ipam.free_subnet(pools, ["10.0.0.0/24"])) == "10.0.1.0/24"
    with pytest.raises(Unavailable, match="non-overlapping"):
        ipam.free_subnet(pools, ["10.0.0.0/16"])


def test_pool_smaller_than_its_cuts_is_refused() -> None:
    with pytest.raises(InvalidRequest, match="no /16 in 10.0.0.0/24"):
        ipam.free_subnet([AddressPool("10.0.0.0/24", 16)], [])


def test_overlap_names_the_other_network() -> None:
    with pytest.raises(Forbidden, match="10.0.0.0/8 of network mine"):
        ipam.check_subnet(ipam.parse_subnet("10.1.0.0/16"), [("mine", "10.0.0.0/8")])


def test_lowest_free_address_is_given() -> None:
    assert ipam.allocate(SMALL, {"10.7.0.2", "10.7.0.4"}) == "10.7.0.3"


def test_gateway_auxiliary_and_edges_are_never_given() -> None:
    pool = Pool(subnet="10.7.0.0/29", gateway="10.7.0.6", auxiliary={"router": "10.7.0.2"})
    given: set[str] = set()
    for _ in range(4):
        given.add(ipam.allocate(pool, given))
    assert given == {"10.7.0.1", "10.7.0.3", "10.7.0.4", "10.7.0.5"}
    with pytest.raises(Unavailable, match="no available IPv4 addresses on subnet 10.7.0.0/29"):
        ipam.allocate(pool, given)


def test_range_limits_what_is_given_but_not_what_is_asked() -> None:
    pool = Pool(subnet="10.7.0.0/24", gateway="10.7.0.1", ip_range="10.7.0.128/30")
    assert ipam.allocate(pool, set()) == "10.7.0.128"
    assert ipam.allocate(pool, set(), "10.7.0.9") == "10.7.0.9"


@pytest.mark.parametrize("wanted", ["10.7.0.0", "10.7.0.7", "10.7.0.1", "10.7.0.3"])
def test_address_that_cannot_be_had_is_a_conflict(wanted: str) -> None:
    with pytest.raises(Conflict, match=wanted):
        ipam.allocate(SMALL, {"10.7.0.3"}, wanted)


@pytest.mark.parametrize("wanted", ["10.8.0.2", "fd00::2", "nonsense", "10.7.0.2/24"])
def test_address_outside_is_an_invalid_request(wanted: str) -> None:
    with pytest.raises(InvalidRequest):
        ipam.allocate(SMALL, set(), wanted)


def test_huge_ipv6_subnet_is_no_effort() -> None:
    pool = Pool(subnet="fd00::/64", gateway="fd00::1")
    assert ipam.allocate(pool, {"fd00::2"}) == "fd00::3"


def test_pool_is_completed_with_the_first_host_as_gateway() -> None:
    assert ipam.complete(Pool(subnet="10.7.3.9/16")).gateway == "10.7.0.1"
    assert ipam.complete(Pool(subnet="10.7.3.9/16")).subnet == "10.7.0.0/16"


@pytest.mark.parametrize(
    "pool",
    [
        Pool(subnet="10.7.0.0/33"),
        Pool(subnet="10.7.0.0/24", gateway="10.8.0.1"),
        Pool(subnet="10.7.0.0/24", auxiliary={"a": "10.8.0.1"}),
        Pool(subnet="10.7.0.0/24", ip_range="10.7.0.0/16"),
        Pool(subnet="10.7.0.0/24", ip_range="fd00::/64"),
        Pool(subnet="10.7.0.0/24", ip_range="nonsense"),
    ],
)
def test_pool_that_contradicts_itself_is_refused(pool: Pool) -> None:
    with pytest.raises(InvalidRequest):
        ipam.complete(pool)


def test_mac_follows_from_the_address() -> None:
    assert ipam.mac_of("172.17.0.2") == "02:42:ac:11:00:02"


def test_mac_is_read_in_both_spellings() -> None:
    assert ipam.parse_mac("0A-00-00-00-00-01") == "0a:00:00:00:00:01"


@pytest.mark.parametrize("text", ["", "1:2:3:4:5:6", "01:00:5e:00:00:01", "zz:00:00:00:00:01"])
def test_bad_mac_is_refused(text: str) -> None:
    with pytest.raises(InvalidRequest, match="invalid mac address"):
        ipam.parse_mac(text)
