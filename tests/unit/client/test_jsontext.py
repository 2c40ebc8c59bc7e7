"""JSON without the json package."""

import json

import pytest

from sampan.client.jsontext import dumps, indent, loads
from sampan.errors import Unavailable

DOCUMENT = {"a": [1, -2.5, True, False, None, 'é\n"\\'], "b": {}, "c": [], "d": {"e": "f"}}


def test_what_is_written_is_read_again():
    assert loads(dumps(DOCUMENT)) == DOCUMENT
    assert json.loads(dumps(DOCUMENT)) == DOCUMENT


def test_bytes_with_blanks_around_are_read():
    assert loads(b' \n{"a": 1}\n') == {"a": 1}


@pytest.mark.parametrize("text", ["", "{", '{"a"}', "<html>", "[" * 100000, "nope"])
def test_what_is_no_json_is_told(text):
    with pytest.raises(Unavailable, match="the server's answer is not JSON"):
        loads(text)


def test_a_document_is_laid_out_as_json_does():
    assert indent(dumps(DOCUMENT)) == json.dumps(DOCUMENT, indent=4, ensure_ascii=False)


def test_laying_out_changes_no_value():
    text = '{"a":"\\u003c\\"}{][,: ","b":1e9,"c":1.10}'
    expected = '{\n    "a": "\\u003c\\"}{][,: ",\n    "b": 1e9,\n    "c": 1.10\n}'
    assert indent(text) == expected
    assert indent(expected) == expected


def test_only_documents_can_be_written():
    with pytest.raises(TypeError):
        dumps({"a": object()})
