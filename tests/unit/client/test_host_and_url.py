"""Addresses and query strings."""

import pytest

from sampan.client.host import parse
from sampan.client.url import filters, query, segment
from sampan.errors import InvalidRequest


@pytest.mark.parametrize(
    ("text", "kind", "place"),
    [
        ("", "unix", "/run/sampan.sock"),
        ("unix:///a/b.sock", "unix", "/a/b.sock"),
        ("unix://", "unix", "/run/sampan.sock"),
        ("tcp://host:2375", "tcp", ("host", 2375)),
        ("tcp://host", "tcp", ("host", 2375)),
        ("tcp://:1234", "tcp", ("127.0.0.1", 1234)),
        ("tcp://[::1]:99", "tcp", ("::1", 99)),
        ("tcp://[::1]", "tcp", ("::1", 2375)),
        ("host:5", "tcp", ("host", 5)),
        ("http://host:80/path", "tcp", ("host", 80)),
    ],
)
def test_addresses_are_read(text, kind, place):
    host = parse(text)
    assert host.kind == kind
    assert (host.path if kind == "unix" else (host.name, host.port)) == place


def test_tls_has_a_port_of_its_own():
    assert parse("tcp://host", tls=True).port == 2376


@pytest.mark.parametrize("text", ["foo://x", "tcp://host:x", "tcp://host:99999"])
def test_what_is_no_address_is_refused(text):
    with pytest.raises(InvalidRequest):
        parse(text)


def test_a_query_leaves_out_what_is_not_said():
    values = {"all": True, "size": False, "limit": None, "name": "a b/é", "t": ["x", "y&z"]}
    assert query(values) == "?all=1&name=a%20b%2F%C3%A9&t=x&t=y%26z"
    assert query({"a": None}) == ""


def test_names_in_paths_keep_their_slashes():
    assert segment("localhost:5000/a b?x#y") == "localhost:5000/a%20b%3Fx%23y"


def test_filters_are_a_document():
    assert filters([]) is None
    assert filters(["name=a", "NAME = b", "label=x=y"]) == (
        '{"name":{"a":true,"b":true},"label":{"x=y":true}}'
    )
