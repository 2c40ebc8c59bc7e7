"""Log options as users write them."""

import pytest

from sampan.errors import InvalidRequest
from sampan.logs.attributes import chosen, render_tag
from sampan.logs.options import check, description


def parsed(driver, **options):
    words = {name.replace("_", "-"): value for name, value in options.items()}
    return description(driver, words, path="/x", attrs={})


def test_json_file_is_bounded_by_default():
    log = parsed("json-file")
    assert (log["max_size"], log["max_file"], log["compress"]) == (20 << 20, 3, False)


def test_local_is_bounded_as_in_docker():
    log = parsed("local")
    assert (log["max_size"], log["max_file"], log["compress"]) == (20 << 20, 5, True)


@pytest.mark.parametrize(
    ("text", "size"),
    [("10m", 10 << 20), ("1g", 1 << 30), ("512k", 512 << 10), ("100", 100), ("-1", -1),
     ("1.5m", 3 << 19), ("2MB", 2 << 20), ("2 MiB", 2 << 20)],
)  # fmt: skip
def test_sizes_are_read_as_docker_does(text, size):
    assert parsed("json-file", max_size=text)["max_size"] == size


@pytest.mark.parametrize(
    ("driver", "options", "message"),
    [
        ("json-file", {"foo": "1"}, "unknown log opt 'foo' for json-file log driver"),
        ("local", {"labels": "a"}, "unknown log opt 'labels' for local log driver"),
        ("syslog", {}, "no log driver named 'syslog' is registered"),
        ("json-file", {"max-size": "big"}, "invalid value for max-size: 'big'"),
        ("json-file", {"max-size": "0"}, "invalid value for max-size"),
        ("json-file", {"max-size": "-5"}, "invalid value for max-size"),
        ("json-file", {"max-file": "0"}, "max-file cannot be less than 1"),
        ("json-file", {"max-file": "x"}, "invalid value for max-file"),
        ("json-file", {"compress": "maybe"}, "invalid value for compress"),
        ("json-file", {"compress": "true", "max-file": "1"}, "compress cannot be true when"),
        ("json-file", {"compress": "true", "max-size": "-1"}, "compress cannot be true when"),
        ("json-file", {"mode": "fast"}, "logging mode not supported: fast"),
        ("json-file", {"max-buffer-size": "1m"}, "only supported with 'mode=non-blocking'"),
    ],
)
def test_what_makes_no_sense_is_refused(driver, options, message):
    with pytest.raises(InvalidRequest, match=message):
        check(driver, options)


def test_mode_is_taken_by_every_driver():
    for driver in ("json-file", "local", "none"):
        check(driver, {"mode": "non-blocking", "max-buffer-size": "4m"})


def test_none_takes_anything():
    assert parsed("none", whatever="1")["driver"] == "none"


def test_one_local_file_is_not_compressed():
    assert parsed("local", max_file="1")["compress"] is False


def test_labels_and_variables_are_chosen_by_name_and_pattern():
    attrs = chosen(
        {"labels": "a, b", "labels-regex": "^com\\.", "env": "HOME", "tag": "{{.Name}}/{{ .ID }}"},
        labels={"a": "1", "c": "3", "com.x": "4"},
        environment=["HOME=/root", "PATH=/bin", "EMPTY"],
        words={"Name": "web", "ID": "0123"},
    )
    assert attrs == {"a": "1", "com.x": "4", "HOME": "/root", "tag": "web/0123"}


def test_tag_with_an_unknown_field_is_refused():
    with pytest.raises(InvalidRequest, match="no field .Colour"):
        render_tag("{{.Colour}}", {})


def test_bad_pattern_is_refused():
    with pytest.raises(InvalidRequest, match="invalid labels-regex"):
        chosen({"labels-regex": "("}, labels={}, environment=[], words={})
