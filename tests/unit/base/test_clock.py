"""Times as text and back."""

import pytest

from sampan.base import clock


def test_text_has_nine_digits() -> None:
    assert clock.text(5) == "1970-01-01T00:00:00.000000005Z"


def test_there_and_back() -> None:
    moment = clock.now()
    assert clock.text(clock.nanoseconds(moment)) == moment


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("1970-01-01T00:00:10Z", 10),
        ("1970-01-01T02:00:10+02:00", 10),
        ("1969-12-31T19:00:10-05:00", 10),
        ("1970-01-01t00:00:10z", 10),
        (clock.ZERO, 0),
        ("", 0),
    ],
)
def test_offsets_are_understood(text: str, seconds: int) -> None:
    assert clock.nanoseconds(text) == seconds * clock.NANO


@pytest.mark.parametrize("text", ["yesterday", "2020-13-01T00:00:00Z", "2020-01-01"])
def test_nonsense_is_a_value_error(text: str) -> None:
    with pytest.raises(ValueError, match="."):
        clock.nanoseconds(text)
