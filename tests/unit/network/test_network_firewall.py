"""The packet filter's scripts, as text."""

from sampan.network import firewall
from sampan.network.firewall import BridgeRule, PortRule

BRIDGE = BridgeRule("sampan0", ("172.17.0.0/16", "fd00::/64"))
WEB = PortRule("tcp", "", 8080, "172.17.0.2", 80)
LOCAL = PortRule("udp", "127.0.0.1", 53, "172.17.0.2", 5353)
SIX = PortRule("tcp", "", 8080, "fd00::2", 80)


def test_table_is_named_after_the_bridge() -> None:
    assert firewall.table_name("sampan0") == "sampan_sampan0"
    assert firewall.table_name("br-1.x") == "sampan_br_1_x"


def test_ports_are_elements_grouped_by_map() -> None:
    assert firewall.open_ports("t", [WEB, LOCAL, WEB._replace(host_port=81), SIX]).splitlines() == [
        "add element inet t dnat4_any { tcp . 8080 : 172.17.0.2 . 80,"
        " tcp . 81 : 172.17.0.2 . 80 }",
        "add element inet t dnat4 { 127.0.0.1 . udp . 53 : 172.17.0.2 . 5353 }",
        "add element inet t dnat6_any { tcp . 8080 : fd00::2 . 80 }",
    ]


def test_closing_names_what_opening_named() -> None:
    opened = firewall.open_ports("t", [WEB, LOCAL])
    closed = firewall.close_ports("t", [WEB, LOCAL])
    assert closed == opened.replace("add element", "delete element")


def test_bridge_is_elements_of_five_sets() -> None:
    assert firewall.add_bridge("t", BRIDGE).splitlines() == [
        'add element inet t bridges { "sampan0" }',
        'add element inet t pairs { "sampan0" . "sampan0" }',
        "add element inet t subnets4 { 172.17.0.0/16 }",
        "add element inet t masquerade4 { 172.17.0.0/16 }",
        "add element inet t subnets6 { fd00::/64 }",
        "add element inet t masquerade6 { fd00::/64 }",
    ]


def test_internal_bridge_is_not_masqueraded() -> None:
    text = firewall.add_bridge("t", BRIDGE._replace(internal=True))
    assert 'internal { "sampan0" }' in text
    assert "masquerade" not in text


def test_masquerading_can_be_switched_off() -> None:
    assert "masquerade" not in firewall.add_bridge("t", BRIDGE._replace(masquerade=False))


def test_ruleset_replaces_the_table_in_one_transaction() -> None:
    lines = firewall.ruleset("t", [BRIDGE], [WEB]).splitlines()
    assert lines[:3] == ["add table inet t", "delete table inet t", "table inet t {"]
    assert lines[-1] == "add element inet t dnat4_any { tcp . 8080 : 172.17.0.2 . 80 }"


def test_nothing_to_open_is_no_command() -> None:
    assert firewall.open_ports("t", []) == ""
    assert firewall.ruleset("t", [], []).endswith("}")
