"""Query parameters and filters as Docker reads them."""

import pytest

from sampan.api.filters import parse_filters
from sampan.api.query import Query
from sampan.errors import InvalidRequest


@pytest.mark.parametrize("text", ["1", "true", "True", "yes", "2", "on"])
def test_everything_but_a_few_words_is_true(text):
    assert Query(f"all={text}").flag("all")


@pytest.mark.parametrize("text", ["", "0", "no", "false", "FALSE", "none"])
def test_a_few_words_are_false(text):
    assert not Query(f"all={text}").flag("all", default=True)


def test_a_missing_flag_has_its_default():
    assert Query("").flag("stream", default=True)
    assert not Query("").flag("stream")


def test_a_number_that_is_none_is_refused_by_name():
    with pytest.raises(InvalidRequest, match="bad parameter t: 'soon'"):
        Query("t=soon").optional_number("t")


def test_an_empty_number_is_not_given():
    assert Query("t=").optional_number("t") is None
    assert Query("t=-1").optional_number("t") == -1


def test_repeated_parameters_keep_their_order():
    assert Query("changes=A&changes=B%20C").texts("changes") == ["A", "B C"]


def test_filters_come_as_lists_or_as_sets():
    assert parse_filters('{"label":["a=b","c"]}') == {"label": ["a=b", "c"]}
    assert parse_filters('{"label":{"a=b":true,"c":true,"d":false}}') == {"label": ["a=b", "c"]}
    assert parse_filters("") == {}
    assert parse_filters("null") == {}


@pytest.mark.parametrize("text", ["{", "[]", '{"a":1}', '{"a":[1]}', '"x"'])
def test_filters_of_any_other_form_are_refused(text):
    with pytest.raises(InvalidRequest, match="invalid filter"):
        parse_filters(text)
