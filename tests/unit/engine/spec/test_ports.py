"""Ports, exposed and published."""

import pytest

from sampan.engine.spec.ports import Published, check, document, exposed, parse, published
from sampan.errors import InvalidRequest
from sampan.schema.host_config import HostConfig, PortBinding


def test_a_range_is_many_ports() -> None:
    assert parse("8000-8002/udp") == [(8000, "udp"), (8001, "udp"), (8002, "udp")]
    assert parse("80") == [(80, "tcp")]


@pytest.mark.parametrize("text", ["", "x", "80/what", "70000", "9-8", "0", "-1", "80-", "8 0"])
def test_nonsense_is_refused(text: str) -> None:
    with pytest.raises(InvalidRequest):
        parse(text)


def test_a_published_port_is_exposed() -> None:
    assert exposed({"80": {}}, {"53/udp": None}) == {"80/tcp": {}, "53/udp": {}}
    assert exposed(None, None) is None


def test_no_binding_is_a_free_port() -> None:
    host = HostConfig(port_bindings={"80/tcp": None})
    assert published(host, None) == [Published("tcp", 80, "", 0, 0)]


def test_publish_all_takes_what_is_exposed_and_not_bound() -> None:
    host = HostConfig(
        publish_all_ports=True,
        port_bindings={"80/tcp": [PortBinding(host_ip="127.0.0.1", host_port="8080")]},
    )
    assert published(host, {"80/tcp": {}, "443/tcp": {}}) == [
        Published("tcp", 80, "127.0.0.1", 8080, 0),
        Published("tcp", 443, "", 0, 0),
    ]


def test_a_range_of_host_ports_is_a_choice() -> None:
    host = HostConfig(port_bindings={"80/tcp": [PortBinding(host_port="8000-8010")]})
    assert published(host, None) == [Published("tcp", 80, "", 8000, 8010)]


@pytest.mark.parametrize("binding", [PortBinding(host_port="x"), PortBinding(host_ip="1.2.3")])
def test_bad_bindings_are_refused(binding: PortBinding) -> None:
    with pytest.raises(InvalidRequest):
        check(HostConfig(port_bindings={"80/tcp": [binding]}), None)


def test_the_document_lists_closed_ports_as_null() -> None:
    opened = [Published("tcp", 80, "0.0.0.0", 8080, 0), Published("tcp", 80, "::", 8080, 0)]
    found = document({"80/tcp": {}, "443/tcp": {}}, opened)
    assert found["443/tcp"] is None
    assert [each.host_ip for each in found["80/tcp"] or ()] == ["0.0.0.0", "::"]
