"""cp's rules."""

import pytest

from sampan.cli.copying import Place, argument, decide, followed, keep_ending, split
from sampan.cli.errors import CommandError


def file(path, name=""):
    return Place(path, exists=True, name=name)


def directory(path, name=""):
    return Place(path, exists=True, is_directory=True, name=name)


def nothing(path):
    return Place(path, exists=False)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("web:/etc", ("web", "/etc")),
        ("web:etc", ("web", "etc")),
        ("/a:b", ("", "/a:b")),
        ("./a:b", ("", "./a:b")),
        ("../a:b", ("", "../a:b")),
        ("plain", ("", "plain")),
        ("-", ("", "-")),
    ],
)
def test_arguments_name_a_container_or_a_local_path(text, parts):
    assert argument(text) == parts


@pytest.mark.parametrize(
    ("source", "target", "decision"),
    [
        (file("/etc/passwd"), directory("/tmp"), ("/tmp", "passwd")),
        (file("/etc/passwd"), file("/tmp/x"), ("/tmp", "x")),
        (file("/etc/passwd"), nothing("/tmp/x"), ("/tmp", "x")),
        (directory("/etc"), directory("/tmp"), ("/tmp", "etc")),
        (directory("/etc"), nothing("/tmp/x"), ("/tmp", "x")),
        (directory("/etc/."), directory("/tmp"), ("/tmp", ".")),
        (directory("/etc/."), nothing("/tmp/x"), ("/tmp", "x")),
        (directory("/etc/"), nothing("/tmp/x/"), ("/tmp", "x")),
        (directory("/real", "link"), directory("/tmp"), ("/tmp", "link")),
    ],
)
def test_each_case_has_its_place_and_name(source, target, decision):
    assert decide(source, target) == decision


def test_a_directory_does_not_become_a_file():
    with pytest.raises(CommandError, match="cannot copy directory"):
        decide(directory("/etc"), file("/tmp/x"))


def test_a_file_does_not_make_a_directory():
    with pytest.raises(CommandError, match="no such directory"):
        decide(file("/etc/passwd"), nothing("/tmp/x/"))


def test_paths_keep_what_they_say_about_themselves():
    assert keep_ending("/a", "a/.") == "/a/."
    assert keep_ending("/a", "a/") == "/a/"
    assert keep_ending("/a", "a") == "/a"
    assert split("/a/b/.") == ("/a/b", ".")
    assert split("/a/b/") == ("/a", "b")
    assert split("/") == ("/", "/")


def test_links_lead_from_where_they_are():
    assert followed("/a/b", "c") == "/a/c"
    assert followed("/a/b", "/c") == "/c"
