"""--network and --mount with their own options, and network create's subnets."""

import pytest

from sampan.cli.options.ipam import ipam
from sampan.cli.options.mounts import read_mount
from sampan.cli.options.networks import endpoints, mode
from sampan.cli.options.table import FLAGS
from sampan.cli.parser import parse


def settings(*words):
    options, _ = parse(FLAGS, words)
    return mode(options), endpoints(options)


def test_one_plain_network_is_only_a_mode():
    assert settings("--network", "a") == ("a", {})


def test_several_networks_each_have_an_endpoint():
    found = settings("--network", "a", "--network", "name=b,alias=x,alias=y,ip=10.0.0.5")
    assert found == (
        "a",
        {"a": {}, "b": {"Aliases": ["x", "y"], "IPAMConfig": {"IPv4Address": "10.0.0.5"}}},
    )


def test_older_flags_are_about_the_first_network():
    _, found = settings("--network", "a", "--network-alias", "x", "--ip", "10.0.0.5", "--link", "c")
    assert found == {
        "a": {"Aliases": ["x"], "Links": ["c"], "IPAMConfig": {"IPv4Address": "10.0.0.5"}}
    }


def test_a_card_of_its_own_address():
    _, found = settings("--network", "name=a,mac-address=02:42:ac:11:00:02,gw-priority=5")
    assert found == {"a": {"MacAddress": "02:42:ac:11:00:02", "GwPriority": 5}}


def test_driver_options_are_kept():
    _, found = settings("--network", '"name=a","driver-opt=com.x=1,2"')
    assert found == {"a": {"DriverOpts": {"com.x": "1,2"}}}


def test_what_is_said_twice_is_refused():
    with pytest.raises(ValueError, match="cannot specify both --ip and per-network IPv4 address"):
        settings("--network", "name=a,ip=10.0.0.5", "--ip", "10.0.0.6")


@pytest.mark.parametrize(
    ("text", "mount"),
    [
        ("type=bind,src=/a,dst=/b,readonly",
         {"Type": "bind", "Source": "/a", "Target": "/b", "ReadOnly": True}),
        ("type=bind,source=/a,target=/b,bind-propagation=rshared,ro=false",
         {"Type": "bind", "Source": "/a", "Target": "/b", "ReadOnly": False,
          "BindOptions": {"Propagation": "rshared"}}),
        ("src=data,dst=/b,volume-nocopy,volume-subpath=x,volume-label=a=b,volume-opt=o=size=1m",
         {"Type": "volume", "Source": "data", "Target": "/b",
          "VolumeOptions": {"NoCopy": True, "Subpath": "x", "Labels": {"a": "b"},
                            "DriverConfig": {"Options": {"o": "size=1m"}}}}),
        ("type=tmpfs,destination=/t,tmpfs-size=1m,tmpfs-mode=1770",
         {"Type": "tmpfs", "Target": "/t", "TmpfsOptions": {"SizeBytes": 1 << 20, "Mode": 0o1770}}),
        ("type=bind,src=/a,dst=/b,ro,bind-recursive=readonly,bind-propagation=rprivate",
         {"Type": "bind", "Source": "/a", "Target": "/b", "ReadOnly": True,
          "BindOptions": {"ReadOnlyForceRecursive": True, "Propagation": "rprivate"}}),
        ('type=bind,"src=/a,b",dst=/c', {"Type": "bind", "Source": "/a,b", "Target": "/c"}),
    ],
)  # fmt: skip
def test_mounts_become_documents(text, mount):
    assert read_mount(text) == mount


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("type=bind,src=/a,dst=/b,bind-recursive=writable", "requires 'readonly'"),
        ("dst=/b,foo=bar", "unexpected key 'foo' in 'foo=bar'"),
        ("type=tmpfs,dst=/b,tmpfs-mode=9", "invalid value for tmpfs-mode: 9"),
        ("dst=/b,ro=maybe", "invalid value for readonly: maybe"),
        ('"dst=/b', "extraneous or missing"),
    ],
)
def test_senseless_mounts_are_refused(text, reason):
    with pytest.raises(ValueError, match=reason):
        read_mount(text)


def test_ranges_and_gateways_find_their_subnet():
    found = ipam(
        ["10.1.0.0/16", "fd00::/64"],
        ["10.1.5.0/24"],
        ["fd00::1", "10.1.5.254"],
        {"host": "10.1.0.9"},
    )
    assert found == [
        {
            "Subnet": "10.1.0.0/16",
            "IPRange": "10.1.5.0/24",
            "Gateway": "10.1.5.254",
            "AuxiliaryAddresses": {"host": "10.1.0.9"},
        },
        {"Subnet": "fd00::/64", "Gateway": "fd00::1"},
    ]


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (([], ["10.1.0.0/24"], [], {}), "must have a corresponding subnet"),
        ((["10.1.0.0/16", "10.1.2.0/24"], [], [], {}), "multiple overlapping subnet"),
        ((["10.1.0.0/24"], [], ["10.2.0.1"], {}), "no matching subnet for gateway 10.2.0.1"),
        ((["10.1.0.0/24"], ["10.2.0.0/25"], [], {}), "no matching subnet for range"),
        ((["10.1.0.0/24"], [], [], {"a": "10.2.0.1"}), "no matching subnet for aux-address"),
    ],
)
def test_addresses_without_a_subnet_are_refused(arguments, reason):
    with pytest.raises(ValueError, match=reason):
        ipam(*arguments)
