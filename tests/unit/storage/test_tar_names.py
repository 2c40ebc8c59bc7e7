"""Names in hostile archives."""

import pytest

from sampan.storage.tar.errors import Breakout, TarError
from sampan.storage.tar.names import clean, hidden_by


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("etc/passwd", "etc/passwd"),
        ("./etc/passwd", "etc/passwd"),
        ("/etc/passwd", "etc/passwd"),
        ("//etc///passwd/", "etc/passwd"),
        ("a/./b/../c", "a/c"),
        ("usr/.hidden", "usr/.hidden"),
        ("...", "..."),
        ("a/..", ""),
        ("./", ""),
        (".", ""),
        ("/", ""),
        ("", ""),
    ],
)
def test_names_become_clean(name, expected):
    assert clean(name) == expected


@pytest.mark.parametrize("name", ["..", "../x", "a/../../x", "/../x", "./../x", "a/b/../../../x"])
def test_names_that_climb_out_are_refused(name):
    with pytest.raises(Breakout, match="outside of the destination"):
        clean(name)


def test_a_zero_byte_in_a_name_is_refused():
    with pytest.raises(TarError, match="zero byte"):
        clean("etc/pass\0wd")


def test_a_whiteout_names_what_it_hides():
    assert hidden_by(".wh.passwd") == "passwd"


@pytest.mark.parametrize("name", [".wh.", ".wh..", ".wh..."])
def test_whiteouts_of_the_directory_itself_or_its_parent_are_refused(name):
    with pytest.raises(Breakout, match="outside of its directory"):
        hidden_by(name)
