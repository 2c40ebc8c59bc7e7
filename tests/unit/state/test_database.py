"""The state database: migrations, transactions."""

import os
import sqlite3

import pytest

from sampan.errors import Internal
from sampan.state.database import Database
from sampan.state.migrations import MIGRATIONS


@pytest.fixture
def database(tmp_path):
    opened = Database(str(tmp_path / "state.db"))
    yield opened
    opened.close()


def put(database: Database, name: str) -> None:
    database.execute("INSERT INTO volumes (name, document) VALUES (?, ?)", name, b"{}")


def names(database: Database) -> list:
    return [name for (name,) in database.query("SELECT name FROM volumes ORDER BY name")]


def put_and_fail(database: Database, name: str) -> None:
    with database.transaction():
        with database.transaction():
            put(database, name)
        raise RuntimeError


def test_a_transaction_that_raises_leaves_nothing(database) -> None:
    with pytest.raises(RuntimeError):
        put_and_fail(database, "a")
    assert names(database) == []


def test_an_inner_transaction_belongs_to_the_outer_one(database) -> None:
    with pytest.raises(RuntimeError):
        put_and_fail(database, "a")
    with database.transaction():
        put(database, "b")
        with database.transaction():
            put(database, "c")
    assert names(database) == ["b", "c"]


def test_it_is_readable_by_its_owner_only(database) -> None:
    assert os.stat(database.path).st_mode & 0o777 == 0o600


def test_steps_are_taken_once(tmp_path) -> None:
    path = str(tmp_path / "state.db")
    first = Database(path)
    put(first, "kept")
    first.close()
    second = Database(path)
    assert names(second) == ["kept"]
    assert second.query("PRAGMA user_version") == [(len(MIGRATIONS),)]
    second.close()


def test_a_newer_database_is_refused(tmp_path) -> None:
    path = str(tmp_path / "state.db")
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 100000")
    connection.close()
    with pytest.raises(Internal, match="newer version"):
        Database(path)
