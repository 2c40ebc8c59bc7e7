"""Filters of image lists."""

import pytest

from sampan.errors import InvalidRequest
from sampan.images import match
from sampan.oci.reference import parse


@pytest.mark.parametrize(
    ("pattern", "name", "fits"),
    [
        ("busybox", "busybox:1", True),
        ("busybox:1", "busybox:1", True),
        ("busybox:2", "busybox:1", False),
        ("busy*", "busybox:1", True),
        ("*:1", "busybox:1", True),
        ("*", "me/app:1", False),
        ("*/*", "me/app:1", True),
        ("me/ap?", "me/app:1", True),
        ("[ab]x", "bx:1", True),
        ("localhost:5000/*", "localhost:5000/app:1", True),
        (r"a\*", "ab:1", False),
    ],
)
def test_patterns_stop_at_slashes(pattern, name, fits):
    assert match.reference(pattern, parse(name)) is fits


def test_labels_match_by_key_and_by_value():
    found = {"a": "1", "b": ""}
    assert match.labels(["a", "b="], found)
    assert not match.labels(["a=2"], found)
    assert not match.labels(["c"], found)


def test_moments_are_dates_ages_and_unix_times():
    assert match.moment("1970-01-02T00:00:00Z") == 86_400 * 10**9
    assert match.moment("1970-01-02") == 86_400 * 10**9
    assert match.moment("12.5") == 12_500_000_000
    assert match.moment("1h30m") < match.moment("10m")
    with pytest.raises(InvalidRequest):
        match.moment("yesterday")


def test_flags_are_true_or_false_only():
    assert match.flag({}, "dangling", default=None) is None
    assert match.flag({"dangling": ["1"]}, "dangling", default=None) is True
    with pytest.raises(InvalidRequest, match="invalid filter 'dangling"):
        match.flag({"dangling": ["perhaps"]}, "dangling", default=None)


def test_unknown_filters_are_refused():
    with pytest.raises(InvalidRequest, match="invalid filter 'colour'"):
        match.check({"colour": ["red"]}, ["label"])
