"""Where a setting's name leads below /proc/sys."""

import pytest

from sampan.runtime.rootfs.sysctl import namespace_of, path_of


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


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("net.ipv4.ip_forward", "network"),
        ("net/ipv4/ip_forward", "network"),
        ("kernel.shmmax", "ipc"),
        ("fs.mqueue.msg_max", "ipc"),
        ("kernel.domainname", "uts"),
        ("kernel.core_pattern", ""),
        ("kernel.hostname", ""),
        ("fs.file-max", ""),
        ("fs.mqueuex.y", ""),
        ("netx.y", ""),
        ("net/../kernel/core_pattern", ""),
        ("net.//.kernel.core_pattern", ""),
        ("../net/x", ""),
        ("", ""),
    ],
)
def test_every_setting_belongs_to_a_kind_of_namespace_or_to_the_host(name, kind):
    assert namespace_of(name) == kind
