"""The texts of hosts and resolv.conf."""

import pytest

from sampan.errors import InvalidRequest
from sampan.network import files


def test_servers_of_the_host_are_passed_on() -> None:
    text = "# made by hand\nnameserver 10.0.0.1\nsearch a.example b.example\noptions ndots:2\n"
    assert files.resolv_conf(text) == (
        "nameserver 10.0.0.1\nsearch a.example b.example\noptions ndots:2\n"
    )


def test_loopback_and_ipv6_servers_are_left_out() -> None:
    text = "nameserver 127.0.0.53\nnameserver ::1\nnameserver fd00::1\nnameserver 10.0.0.1\n"
    assert files.resolv_conf(text) == "nameserver 10.0.0.1\n"
    assert files.resolv_conf(text, ipv6=True) == "nameserver fd00::1\nnameserver 10.0.0.1\n"


def test_host_without_reachable_servers_falls_back_to_dockers() -> None:
    assert files.resolv_conf("nameserver 127.0.0.1\n") == "nameserver 8.8.8.8\nnameserver 8.8.4.4\n"
    assert "2001:4860:4860::8888" in files.resolv_conf("", ipv6=True)


def test_hosts_network_keeps_loopback_servers() -> None:
    text = "nameserver 127.0.0.53\nsearch example\n"
    assert files.resolv_conf(text, host_network=True) == text


def test_wishes_replace_kind_by_kind() -> None:
    text = "nameserver 10.0.0.1\nsearch example\noptions edns0\n"
    assert files.resolv_conf(text, dns=["1.1.1.1"]) == (
        "nameserver 1.1.1.1\nsearch example\noptions edns0\n"
    )
    assert files.resolv_conf(text, search=["other"], options=["ndots:5"]) == (
        "nameserver 10.0.0.1\nsearch other\noptions ndots:5\n"
    )


def test_search_of_a_dot_means_none() -> None:
    assert files.resolv_conf("nameserver 10.0.0.1\nsearch x\n", search=["."]) == (
        "nameserver 10.0.0.1\n"
    )


def test_last_search_or_domain_counts() -> None:
    assert files.parse_resolv_conf("domain a\nsearch b c\n").search == ("b", "c")


def test_only_the_stub_alone_is_the_stub() -> None:
    assert files.is_stub("nameserver 127.0.0.53\noptions edns0 trust-ad\n")
    assert not files.is_stub("nameserver 127.0.0.53\nnameserver 10.0.0.1\n")


def test_hosts_file_names_loopback_extras_and_the_container() -> None:
    text = files.hosts_file("web", "example", ["172.17.0.2", ""], [("10.0.0.9", "db")])
    assert text.splitlines() == [
        "127.0.0.1\tlocalhost",
        "::1\tlocalhost ip6-localhost ip6-loopback",
        "fe00::\tip6-localnet",
        "ff00::\tip6-mcastprefix",
        "ff02::1\tip6-allnodes",
        "ff02::2\tip6-allrouters",
        "10.0.0.9\tdb",
        "172.17.0.2\tweb.example web",
    ]


def test_hosts_file_may_begin_with_the_hosts_own() -> None:
    assert files.hosts_file("web", base="127.0.0.1 me\n", extra=[("10.0.0.9", "db")]) == (
        "127.0.0.1 me\n10.0.0.9\tdb\n"
    )


def test_extra_hosts_are_read_in_both_spellings() -> None:
    assert files.extra_host("db:10.0.0.9", []) == [("10.0.0.9", "db")]
    assert files.extra_host("db=10.0.0.9", []) == [("10.0.0.9", "db")]
    assert files.extra_host("db:fd00::9", []) == [("fd00::9", "db")]
    assert files.extra_host("db=[fd00::9]", []) == [("fd00::9", "db")]


def test_host_gateway_is_every_gateway_there_is() -> None:
    gateways = ["172.17.0.1", "fd00::1"]
    assert files.extra_host("host:host-gateway", gateways) == [
        ("172.17.0.1", "host"),
        ("fd00::1", "host"),
    ]


@pytest.mark.parametrize(
    "text", ["db", "db:", ":1.2.3.4", "a b:1.2.3.4", "db:1.2.3", "d:1.1.1.1\nx"]
)
def test_bad_extra_hosts_are_refused(text: str) -> None:
    with pytest.raises(InvalidRequest):
        files.extra_host(text, [])
    with pytest.raises(InvalidRequest, match="host-gateway"):
        files.extra_host("a:host-gateway", [])
