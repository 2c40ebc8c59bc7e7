"""Sizes, durations, moments, references, restart policies."""

import pytest

from sampan.cli.options.durations import parse as parse_duration
from sampan.cli.options.moments import parse as parse_moment
from sampan.cli.options.references import check, familiar, split, with_tag
from sampan.cli.options.sizes import parse as parse_size
from sampan.errors import InvalidRequest


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("32", 32),
        ("32b", 32),
        ("32k", 32 << 10),
        ("32KB", 32 << 10),
        ("32 KiB", 32 << 10),
        ("1.5g", 3 << 29),
        ("1P", 1 << 50),
        (".5m", 1 << 19),
    ],
)
def test_sizes_are_read(text, count):
    assert parse_size(text) == count


@pytest.mark.parametrize("text", ["", "x", "-1", "1x", "1kbb", "1.2.3", "1 2"])
def test_what_is_no_size_is_refused(text):
    with pytest.raises(ValueError, match=r"invalid|ParseFloat"):
        parse_size(text)


@pytest.mark.parametrize(
    ("text", "nanos"),
    [
        ("0", 0),
        ("1s", 10**9),
        ("1h2m3.5s", 3723500000000),
        ("500ms", 5 * 10**8),
        ("-1m", -6 * 10**10),
        ("10us", 10**4),
    ],
)
def test_durations_are_read(text, nanos):
    assert parse_duration(text) == nanos


@pytest.mark.parametrize("text", ["", "5", "x", "5x", ".s", "1h5"])
def test_what_is_no_duration_is_refused(text):
    with pytest.raises(ValueError, match="time: "):
        parse_duration(text)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("", ""),
        ("0", "0"),
        ("90s", "10"),
        ("1136073600.000000001", "1136073600.000000001"),
        ("2006-01-02T15:04:05Z", "1136214245.000000000"),
        ("2006-01-02T15:04:05.5+01:00", "1136210645.500000000"),
        ("2006-01-02T15:04Z", "1136214240.000000000"),
    ],
)
def test_moments_are_read(text, moment):
    assert parse_moment(text, 100.0) == moment


@pytest.mark.parametrize("text", ["x", "2006-01-99", "1.x"])
def test_what_is_no_moment_is_refused(text):
    with pytest.raises(ValueError, match="failed to parse value as time or duration"):
        parse_moment(text, 100.0)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("busybox", ("busybox", "")),
        ("busybox:1", ("busybox", "1")),
        ("localhost:5000/x", ("localhost:5000/x", "")),
        ("localhost:5000/x:2", ("localhost:5000/x", "2")),
        ("x@sha256:ab", ("x", "sha256:ab")),
        ("x:1@sha256:ab", ("x", "sha256:ab")),
    ],
)
def test_references_are_split(text, parts):
    assert split(text) == parts


def test_names_get_a_tag_and_lose_the_hub():
    assert with_tag("x") == "x:latest"
    assert with_tag("x:1") == "x:1"
    assert familiar("docker.io/library/busybox") == "busybox"
    assert familiar("docker.io/me/x") == "me/x"


@pytest.mark.parametrize("text", ["Foo", "a/B", "", ":x", "a b", "-x"])
def test_impossible_names_are_refused(text):
    with pytest.raises(InvalidRequest, match="invalid reference format"):
        check(text)
