"""-p in all its forms, -P's companions, --expose."""

import pytest

from sampan.cli.options.ports import expose, publish


@pytest.mark.parametrize(
    ("word", "bindings"),
    [
        ("80", {"80/tcp": [("", "")]}),
        ("8080:80", {"80/tcp": [("", "8080")]}),
        ("127.0.0.1:8080:80", {"80/tcp": [("127.0.0.1", "8080")]}),
        ("127.0.0.1::80", {"80/tcp": [("127.0.0.1", "")]}),
        ("[::1]:8080:80", {"80/tcp": [("::1", "8080")]}),
        ("53:53/udp", {"53/udp": [("", "53")]}),
        ("53:53/UDP", {"53/udp": [("", "53")]}),
        (":80", {"80/tcp": [("", "")]}),
        ("8000-8001:80-81", {"80/tcp": [("", "8000")], "81/tcp": [("", "8001")]}),
        ("8000-8010:80", {"80/tcp": [("", "8000-8010")]}),
        ("80-81", {"80/tcp": [("", "")], "81/tcp": [("", "")]}),
        ("published=8080,target=80,protocol=udp", {"80/udp": [("", "8080")]}),
        ("target=80", {"80/tcp": [("", "")]}),
    ],
)
def test_ports_are_published(word, bindings):
    exposed, found = publish([word])
    shown = {
        port: [(binding["HostIp"], binding["HostPort"]) for binding in entries]
        for port, entries in found.items()
    }
    assert shown == bindings
    assert set(exposed) == set(bindings)


def test_one_port_may_be_published_twice():
    _, found = publish(["8080:80", "127.0.0.1:9090:80"])
    assert [binding["HostPort"] for binding in found["80/tcp"]] == ["8080", "9090"]


@pytest.mark.parametrize(
    ("word", "reason"),
    [
        ("x:y", "invalid containerPort: y"),
        ("x:80", "invalid hostPort: x"),
        ("99999:80", "invalid hostPort: 99999"),
        ("80/xx", "invalid proto: xx"),
        ("80-81:90-95", "invalid ranges specified for container and host Ports: 90-95 and 80-81"),
        ("1.2.3.4.5:80:80", "invalid IP address: 1.2.3.4.5"),
        ("80:", "no port specified: 80:<empty>"),
        ("target=80,x", "should be name=value but got 'x'"),
    ],
)
def test_senseless_ports_are_refused(word, reason):
    with pytest.raises(ValueError, match=reason):
        publish([word])


def test_ranges_are_exposed():
    assert expose(["80-82", "53/udp"]) == {"80/tcp": {}, "81/tcp": {}, "82/tcp": {}, "53/udp": {}}
    with pytest.raises(ValueError, match="invalid range format for --expose: x"):
        expose(["x"])
