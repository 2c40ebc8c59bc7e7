"""Filters, times and durations."""

import pytest

from sampan.base import clock
from sampan.engine.filters import check, duration, labels_match, moment, truth, until
from sampan.errors import InvalidRequest


def test_unknown_filters_are_refused() -> None:
    with pytest.raises(InvalidRequest, match="invalid filter 'colour'"):
        check({"colour": ["red"]}, ["label"])
    assert check(None, []) == {}


def test_all_labels_must_match_and_none_of_the_negated() -> None:
    labels = {"a": "1", "b": ""}
    assert labels_match({"label": ["a", "b"]}, labels)
    assert labels_match({"label": ["a=1"]}, labels)
    assert not labels_match({"label": ["a=2"]}, labels)
    assert not labels_match({"label": ["a", "c"]}, labels)
    assert not labels_match({"label!": ["a=1"]}, labels)
    assert labels_match({"label!": ["c"]}, None)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("1h30m", 5400), ("10s", 10), ("1.5s", 1.5), ("100ms", 0.1), ("1us", 0.000001)],
)
def test_durations_as_go_writes_them(text: str, seconds: float) -> None:
    assert duration(text) == int(seconds * clock.NANO)


@pytest.mark.parametrize("text", ["", "10", "h", "1d", "1.2.3s", "-1s", "."])
def test_what_is_no_duration(text: str) -> None:
    assert duration(text) is None


def test_moments_in_all_their_forms() -> None:
    assert moment("10.5") == int(10.5 * clock.NANO)
    assert moment("1970-01-01T00:00:01Z") == clock.NANO
    assert moment("1970-01-02") == 86400 * clock.NANO
    assert clock.nanoseconds(clock.now()) - moment("1h") >= 3600 * clock.NANO - clock.NANO
    with pytest.raises(InvalidRequest, match="failed to parse"):
        moment("soon")


def test_until_is_one_time() -> None:
    assert until({}) == 0
    with pytest.raises(InvalidRequest, match="more than one until"):
        until({"until": ["1h", "2h"]})


def test_words_for_true_and_false() -> None:
    assert truth({"dangling": ["true"]}, "dangling") is True
    assert truth({"dangling": ["0"]}, "dangling") is False
    assert truth({}, "dangling") is None
    with pytest.raises(InvalidRequest):
        truth({"dangling": ["maybe"]}, "dangling")
