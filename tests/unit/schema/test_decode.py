"""Documents as Docker's clients send them."""

import pytest

from sampan.errors import InvalidRequest
from sampan.schema.container import ContainerCreate, ContainerUpdate
from sampan.schema.decode import decode
from sampan.schema.host_config import HostConfig
from sampan.schema.wire import to_wire


def test_null_means_not_given_everywhere() -> None:
    body = b'{"Cmd":null,"Tty":null,"HostConfig":{"Memory":null,"LogConfig":null,"Binds":null}}'
    made = decode(body, ContainerCreate)
    assert made.cmd is None
    assert made.tty is False
    assert made.host_config == HostConfig()


def test_one_string_is_a_list_of_one() -> None:
    made = decode(b'{"Cmd":"ls","Entrypoint":"/bin/sh"}', ContainerCreate)
    assert (made.cmd, made.entrypoint) == (["ls"], ["/bin/sh"])


def test_a_port_without_bindings_keeps_its_key() -> None:
    body = b'{"Image":"x","HostConfig":{"CpuShares":null,"PortBindings":{"80/tcp":null}}}'
    made = decode(body, ContainerCreate)
    assert made.host_config is not None
    assert made.host_config.port_bindings == {"80/tcp": None}


def test_unknown_fields_are_ignored() -> None:
    assert decode(b'{"Image":"x","Nonsense":[1]}', ContainerCreate).image == "x"


def test_an_empty_body_is_an_empty_document() -> None:
    assert decode(b"", ContainerUpdate) == ContainerUpdate()


@pytest.mark.parametrize("body", [b"{", b"[]", b'"x"', b'{"Cmd":7}', b'{"Memory":"a"}', b"\xff"])
def test_nonsense_is_an_invalid_request(body: bytes) -> None:
    with pytest.raises(InvalidRequest):
        decode(body, ContainerUpdate if b"Memory" in body else ContainerCreate)


def test_words_on_the_wire_are_dockers() -> None:
    wire = to_wire(HostConfig())
    for word in ("NanoCpus", "UTSMode", "BlkioDeviceReadIOps", "ContainerIDFile", "OomScoreAdj"):
        assert word in wire


def test_a_document_nested_too_deep_is_refused() -> None:
    with pytest.raises(InvalidRequest, match="nested too deep"):
        decode(b'{"a":' + b"[" * 100_000, ContainerCreate)


@pytest.mark.parametrize("number", [1 << 63, -(1 << 63) - 1, 1 << 64])
def test_a_number_of_more_than_64_bits_is_refused(number: int) -> None:
    with pytest.raises(InvalidRequest, match=f"{number} does not fit"):
        decode(b'{"HostConfig":{"PidsLimit":%d}}' % number, ContainerCreate)


def test_long_digits_in_a_text_are_no_number() -> None:
    made = decode(b'{"Env":["A=99999999999999999999"],"StopTimeout":-9}', ContainerCreate)
    assert made.env == ["A=99999999999999999999"]
