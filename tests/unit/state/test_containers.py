"""The table of containers: names, prefixes, persistence."""

import pytest

from sampan.errors import Conflict, InvalidRequest, NotFound
from sampan.schema.container_config import ContainerConfig
from sampan.schema.host_config import HostConfig
from sampan.state.containers import Container, Containers
from sampan.state.database import Database


@pytest.fixture
def database(tmp_path):
    opened = Database(str(tmp_path / "state.db"))
    yield opened
    opened.close()


def container(identity: str, name: str) -> Container:
    return Container(
        id=identity * 64,
        name=name,
        created="2026-01-01T00:00:00Z",
        image_id="sha256:" + "0" * 64,
        config=ContainerConfig(image="busybox"),
        host_config=HostConfig(memory=7),
    )


def test_everything_survives_a_restart(database) -> None:
    table = Containers(database)
    made = container("a", "web")
    table.add(made)
    made.state.exit_code = 3
    table.save(made)
    assert Containers(database).resolve("web") == made


def test_a_taken_name_is_a_conflict_that_names_the_holder(database) -> None:
    table = Containers(database)
    table.add(container("a", "web"))
    with pytest.raises(Conflict, match=f'"/web" is already in use by container "{"a" * 64}"'):
        table.add(container("b", "web"))


def test_a_reserved_name_is_taken_until_it_is_let_go(database) -> None:
    table = Containers(database)
    with table.reserved("web", "a" * 64):
        assert table.is_taken("web")
        with pytest.raises(Conflict), table.reserved("web", "b" * 64):
            pass
    assert not table.is_taken("web")


def test_found_by_id_name_and_beginning(database) -> None:
    table = Containers(database)
    made = container("a", "web")
    table.add(made)
    for reference in ("a" * 64, "web", "/web", "aaa"):
        assert table.resolve(reference) is made


def test_a_name_wins_over_the_beginning_of_an_id(database) -> None:
    table = Containers(database)
    table.add(container("a", "other"))
    named = container("b", "aa")
    table.add(named)
    assert table.resolve("aa") is named


def test_an_ambiguous_beginning_is_an_invalid_request(database) -> None:
    table = Containers(database)
    first, second = container("a", "one"), container("a", "two")
    second.id = "a" * 63 + "b"
    table.add(first)
    table.add(second)
    with pytest.raises(InvalidRequest, match="multiple IDs found with provided prefix: aaa"):
        table.resolve("aaa")


@pytest.mark.parametrize("reference", ["nobody", "ffff", "", "../x"])
def test_nobody_is_not_found(database, reference) -> None:
    with pytest.raises(NotFound, match="No such container"):
        Containers(database).resolve(reference)


def test_a_new_name_frees_the_old_one(database) -> None:
    table = Containers(database)
    made = container("a", "old")
    table.add(made)
    table.rename(made, "new")
    table.add(container("b", "old"))
    assert Containers(database).resolve("new").id == made.id


def test_saving_a_deleted_one_does_not_bring_it_back(database) -> None:
    table = Containers(database)
    made = container("a", "web")
    table.add(made)
    table.delete(made)
    table.save(made)
    assert list(Containers(database)) == []
