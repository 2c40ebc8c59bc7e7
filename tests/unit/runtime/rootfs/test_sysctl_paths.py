"""Where a setting's name leads below /proc/sys."""

import pytest

from sampan.runtime.rootfs.sysctl import path_of


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("net.ipv4.ip_forward", "sys/net/ipv4/ip_forward"),
        ("kernel.shmmax", "sys/kernel/shmmax"),
        ("net/ipv4/ip_forward", "sys/net/ipv4/ip_forward"),
        ("net.ipv4.conf.eth0/1.forwarding", "sys/net/ipv4/conf/eth0.1/forwarding"),
        ("net/ipv4/conf/eth0.1/forwarding", "sys/net/ipv4/conf/eth0.1/forwarding"),
    ],
)
def test_dots_and_slashes_lead_where_sysctl_would(name, path):
    assert path_of(name) == path
