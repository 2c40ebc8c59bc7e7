"""libnftables: transactions, answers, refusals."""

import pytest
from tests.support.netlab import Lab

from sampan.linux.netlink import nftables_events
from sampan.linux.nftables import Nft, NftError
from sampan.network import firewall
from sampan.network.packet_filter import PacketFilter

pytestmark = pytest.mark.root


@pytest.fixture
def lab():
    with Lab() as made:
        yield made


@pytest.fixture
def nft(lab):
    with Nft() as made:
        yield made


def test_commands_take_effect_and_are_listed(lab, nft):
    nft.run("add table inet t\nadd set inet t s { type ipv4_addr; }")
    nft.run("add element inet t s { 1.2.3.4 }")
    assert "1.2.3.4" in nft.run("list set inet t s")
    (found,) = nft.query("list set inet t s")
    assert found["set"]["elem"] == ["1.2.3.4"]


def test_refused_command_takes_the_whole_transaction_with_it(lab, nft):
    with pytest.raises(NftError, match="No such file or directory"):
        nft.run("add table inet t\nadd element inet t nosuch { 1.2.3.4 }")
    assert nft.query("list ruleset") == []


def test_nonsense_is_refused_in_one_line(nft):
    with pytest.raises(NftError, match="syntax error") as refusal:
        nft.run("make it so")
    assert "\n" not in str(refusal.value)


def test_closed_context_may_be_closed_again(lab):
    made = Nft()
    made.close()
    made.close()


def test_table_is_complete_only_with_all_its_rules(lab, nft):
    ours = PacketFilter(nft, "t", lambda: ([], []))
    assert not ours.is_present()
    ours.assert_all()
    assert ours.is_present()
    lab.nft("flush chain inet t forward")
    assert not ours.is_present()
    ours.drop()
    ours.drop()
    assert nft.query("list ruleset") == []


def test_other_tables_are_not_touched(lab, nft):
    lab.nft("add table ip someone")
    lab.nft("add chain ip someone theirs { type filter hook forward priority 0 ; }")
    before = lab.nft("list ruleset")
    ours = PacketFilter(nft, "t", lambda: ([], []))
    ours.assert_all()
    ours.drop()
    assert lab.nft("list ruleset") == before


def test_news_of_flushes_and_policies_are_told_from_the_rest(lab, nft):
    with nftables_events.open_events() as events:

        def structural(command):
            nft.run(command)
            return nftables_events.is_structural(events.receive_nowait())

        assert not structural("add table inet t\nadd map inet t m { type ipv4_addr : ipv4_addr; }")
        assert not structural("add element inet t m { 1.1.1.1 : 2.2.2.2 }")
        assert not structural("delete element inet t m { 1.1.1.1 }")
        assert structural("add chain inet t c { type filter hook forward priority 0; }")
        assert structural("chain inet t c { policy drop; }")
        assert structural("flush ruleset")


def test_thousand_ports_are_one_transaction(lab, nft):
    ours = PacketFilter(nft, "t", lambda: ([], []))
    ours.assert_all()
    rules = [firewall.PortRule("tcp", "", port, "172.17.0.2", port) for port in range(1, 1001)]
    ours.open_ports(rules)
    (found,) = nft.query("list map inet t dnat4_any")
    assert len(found["map"]["elem"]) == 1000
    ours.close_ports(rules)
    (found,) = nft.query("list map inet t dnat4_any")
    assert not found["map"].get("elem")
