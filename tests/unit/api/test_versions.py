"""Version prefixes of paths."""

import pytest

from sampan.api import versions
from sampan.errors import InvalidRequest


def test_a_prefix_is_taken_off_and_read():
    assert versions.split("/v1.30/containers/json") == ((1, 30), "/containers/json")


def test_without_a_prefix_the_newest_version_is_spoken():
    assert versions.split("/_ping") == ((1, 51), "/_ping")


def test_versions_compare_as_numbers_and_not_as_text():
    with pytest.raises(InvalidRequest, match=r"client version 1\.9 is too old\. Minimum"):
        versions.split("/v1.9/info")


def test_a_version_too_new_is_told_what_there_is():
    text = "client version 1.99 is too new. Maximum supported API version is 1.51"
    with pytest.raises(InvalidRequest, match=text):
        versions.split("/v1.99/info")


def test_something_like_a_prefix_is_a_path():
    assert versions.split("/v1.30")[1] == "/v1.30"
    assert versions.split("/volumes")[1] == "/volumes"
