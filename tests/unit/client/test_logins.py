"""The header that says who we are at a registry."""

import base64
import json

import pytest

from sampan.client.logins import HUB, header, registry


def decoded(text):
    return json.loads(base64.urlsafe_b64decode(text))


@pytest.mark.parametrize(
    ("image", "key"),
    [
        ("busybox", HUB),
        ("me/x", HUB),
        ("docker.io/me/x", HUB),
        ("localhost/x", "localhost"),
        ("registry:5000/x", "registry:5000"),
        ("ghcr.io/a/b", "ghcr.io"),
    ],
)
def test_registries_of_names(image, key):
    assert registry(image) == key


def test_a_login_is_sent_to_its_registry_only(tmp_path):
    auth = base64.b64encode(b"me:p:w?>").decode()
    (tmp_path / "config.json").write_text(json.dumps({"auths": {"ghcr.io": {"auth": auth}}}))
    assert decoded(header(str(tmp_path), "ghcr.io/a")) == {
        "username": "me",
        "password": "p:w?>",
        "serveraddress": "ghcr.io",
    }
    assert decoded(header(str(tmp_path), "busybox")) == {}


@pytest.mark.parametrize("text", ["", "{", "[]", '{"auths": 1}'])
def test_a_file_that_says_nothing_is_no_login(tmp_path, text):
    (tmp_path / "config.json").write_text(text)
    assert decoded(header(str(tmp_path), "x")) == {}
