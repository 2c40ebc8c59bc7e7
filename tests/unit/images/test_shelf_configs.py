"""Image configs from outside: what containers take over has to be of the right kind."""

import json

import pytest

from sampan.errors import InvalidRequest
from sampan.images.shelf import read_config

GOOD = {"rootfs": {"type": "layers", "diff_ids": []}, "os": "linux"}


@pytest.mark.parametrize(
    "config",
    [
        {"Env": 5},
        {"Cmd": {"a": 1}},
        {"Entrypoint": [1]},
        {"User": [1]},
        {"Labels": 7},
        {"Volumes": [1]},
        {"ExposedPorts": "80"},
        {"Healthcheck": {"Test": 3}},
        [],
    ],
)
def test_a_word_of_the_wrong_kind_is_refused(config):
    with pytest.raises(InvalidRequest, match="invalid image JSON"):
        read_config(json.dumps({**GOOD, "config": config}).encode())


def test_what_docker_leaves_null_is_fine():
    names = ("Env", "Cmd", "Entrypoint", "Labels", "Volumes", "OnBuild", "Healthcheck", "Unknown")
    config = dict.fromkeys(names)
    assert read_config(json.dumps({**GOOD, "config": config}).encode()).diff_ids == []
    assert read_config(json.dumps({**GOOD, "config": None}).encode()).diff_ids == []


def test_a_config_nested_too_deep_is_refused():
    with pytest.raises(InvalidRequest, match="invalid image JSON"):
        read_config(b'{"a":' + b"[" * 100_000)
