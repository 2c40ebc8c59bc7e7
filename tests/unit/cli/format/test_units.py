"""Sizes, ages and times as Docker's lists show them."""

import pytest

from sampan.cli.format.table import lay_out
from sampan.cli.format.text import ellipsis, quoted, short_id
from sampan.cli.format.times import nanoseconds
from sampan.cli.format.units import age, binary_size, size


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "Less than a second"),
        (1, "1 second"),
        (59.9, "59 seconds"),
        (60, "About a minute"),
        (119, "About a minute"),
        (120, "2 minutes"),
        (3599, "59 minutes"),
        (3600, "About an hour"),
        (5399, "About an hour"),
        (5400, "2 hours"),
        (47.4 * 3600, "47 hours"),
        (48 * 3600, "2 days"),
        (14 * 86400, "2 weeks"),
        (60 * 86400, "2 months"),
        (3 * 365 * 86400, "3 years"),
    ],
)
def test_ages_are_rounded_as_docker_rounds_them(seconds, text):
    assert age(seconds) == text


@pytest.mark.parametrize(
    ("count", "text"),
    [(0, "0B"), (999, "999B"), (1000, "1kB"), (1984123, "1.984MB"), (10**12, "1TB")],
)
def test_sizes_in_powers_of_a_thousand(count, text):
    assert size(count) == text


def test_sizes_with_three_digits():
    assert size(1984123, 3) == "1.98MB"


def test_sizes_in_powers_of_1024():
    assert binary_size(64 * 1024 * 1024) == "64MiB"
    assert binary_size(25277000000) == "23.54GiB"


def test_columns_are_at_least_ten_wide():
    assert lay_out([["A", "B"], ["a", "b"]]) == "A         B\na         b\n"


def test_columns_grow_with_their_cells():
    assert lay_out([["A", "B"], ["twelve chars", "b"]]) == "A              B\ntwelve chars   b\n"


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("1970-01-01T00:00:00Z", 0),
        ("2026-11-21T03:26:17.5Z", 1795231577500000000),
        ("2000-02-29T12:00:00+02:00", 951818400000000000),
        ("2100-03-01T00:00:00Z", 4107542400000000000),
    ],
)
def test_times_of_the_api_become_nanoseconds(text, moment):
    assert nanoseconds(text) == moment


@pytest.mark.parametrize("text", ["", "yesterday", "2026-13-01T00:00:00Z", "2026-01-01"])
def test_what_is_no_time_is_refused(text):
    with pytest.raises(ValueError):  # noqa: PT011 - whichever part could not be read
        nanoseconds(text)


def test_commands_are_quoted_as_go_quotes_them():
    assert quoted('sh -c "a\tb"\n\x01é') == '"sh -c \\"a\\tb\\"\\n\\x01é"'


def test_long_texts_end_in_an_ellipsis():
    assert ellipsis("docker-entrypoint.sh nginx", 20) == "docker-entrypoint.s…"
    assert ellipsis("short", 20) == "short"


def test_ids_lose_their_algorithm():
    assert short_id("sha256:0123456789abcdef") == "0123456789ab"
