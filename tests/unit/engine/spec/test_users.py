"""--user, resolved with the image's own files."""

import pytest

from sampan.engine.spec.users import resolve
from sampan.errors import InvalidRequest

PASSWD = (
    "root:x:0:0:root:/root:/bin/sh\nbob:x:1000:100::/home/bob:/bin/sh\nbad line\n7:x:70:70::/s:\n"
)
GROUP = "root:x:0:\nwheel:x:10:root,bob\nstaff:x:50:bob\nbroken:x:\n"


def test_nobody_named_is_root_with_its_groups() -> None:
    user = resolve("", PASSWD, GROUP)
    assert user == (0, 0, [10], "/root")


def test_a_name_gives_ids_groups_and_home() -> None:
    assert resolve("bob", PASSWD, GROUP) == (1000, 100, [10, 50], "/home/bob")


def test_a_number_is_looked_up_too() -> None:
    assert resolve("1000", PASSWD, GROUP) == (1000, 100, [10, 50], "/home/bob")


def test_a_name_of_digits_is_a_name_first() -> None:
    assert resolve("7", PASSWD, GROUP).uid == 70


def test_an_unknown_number_has_the_root_group_and_no_home() -> None:
    assert resolve("4242", PASSWD, GROUP) == (4242, 0, [], "/")


def test_a_group_given_replaces_the_others() -> None:
    assert resolve("bob:staff", PASSWD, GROUP) == (1000, 50, [], "/home/bob")
    assert resolve("bob:77", PASSWD, GROUP).gid == 77


def test_added_groups_by_name_and_number_once() -> None:
    assert resolve("", PASSWD, GROUP, ["staff", "50", "99"]).groups == [10, 50, 99]


@pytest.mark.parametrize(
    ("user", "words"),
    [
        ("eve", "unable to find user eve: no matching entries in passwd file"),
        ("bob:eves", "unable to find group eves: no matching entries in group file"),
        ("2147483648", "uids and gids must be in range 0-2147483647"),
        ("-1", "uids and gids must be in range"),
    ],
)
def test_nobody_there_is_an_invalid_request(user: str, words: str) -> None:
    with pytest.raises(InvalidRequest, match=words):
        resolve(user, PASSWD, GROUP)


def test_empty_files_still_know_root() -> None:
    assert resolve("root:0", "root:x:0:0::/root:", "") == (0, 0, [], "/root")
    assert resolve("", "", "") == (0, 0, [], "/root")
