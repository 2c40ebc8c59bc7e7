"""The PORTS column of ps."""

from sampan.cli.format.ports import ports


def port(private, public=0, address="", kind="tcp"):
    found = {"PrivatePort": private, "Type": kind}
    if public:
        found |= {"PublicPort": public, "IP": address}
    return found


def test_nothing_published():
    assert ports([]) == ""


def test_exposed_ports_join_to_ranges():
    assert ports([port(80), port(81), port(82), port(90)]) == "80-82/tcp, 90/tcp"


def test_published_ports_name_their_address():
    found = [port(80, 8080, "0.0.0.0"), port(80, 8080, "::")]
    assert ports(found) == "0.0.0.0:8080->80/tcp, [::]:8080->80/tcp"


def test_equal_ports_join_to_ranges():
    found = [port(80, 80, "0.0.0.0"), port(81, 81, "0.0.0.0")]
    assert ports(found) == "0.0.0.0:80-81->80-81/tcp"


def test_kinds_stay_apart():
    assert ports([port(53), port(53, kind="udp")]) == "53/tcp, 53/udp"
