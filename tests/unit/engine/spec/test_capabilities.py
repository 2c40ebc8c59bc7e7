"""Capability sets."""

import pytest

from sampan.engine.spec.capabilities import ALL, DEFAULT, effective, sets
from sampan.errors import InvalidRequest


def granted(add=None, drop=None, *, privileged=False) -> set[str]:
    return set(effective(add, drop, privileged=privileged))


def test_the_default_set_is_dockers() -> None:
    assert granted() == set(DEFAULT)
    assert len(DEFAULT) == 14


def test_added_and_dropped_in_any_spelling() -> None:
    found = granted(["net_admin", "CAP_SYS_TIME"], ["chown", "cap_mknod"])
    assert found == set(DEFAULT) - {"CAP_CHOWN", "CAP_MKNOD"} | {"CAP_NET_ADMIN", "CAP_SYS_TIME"}


def test_drop_all_leaves_what_is_added() -> None:
    assert granted(["CHOWN"], ["ALL"]) == {"CAP_CHOWN"}


def test_add_all_without_what_is_dropped() -> None:
    assert granted(["ALL"], ["SYS_ADMIN"]) == set(ALL) - {"CAP_SYS_ADMIN"}


def test_privileged_is_everything_there_is_to_give() -> None:
    found = effective(None, ["ALL"], privileged=True, available=["CAP_CHOWN", "CAP_KILL"])
    assert found == ["CAP_CHOWN", "CAP_KILL"]


def test_inheritable_and_ambient_stay_empty() -> None:
    made = sets(["CAP_CHOWN"])
    assert made["inheritable"] == made["ambient"] == []


def test_an_unknown_capability_is_refused() -> None:
    with pytest.raises(InvalidRequest, match='unknown capability: "FLY"'):
        granted(["FLY"])
