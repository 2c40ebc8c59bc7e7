"""The one SQLite database: opening, migrating, transactions. Tables have modules of their own.

    with database.transaction():        one commit for everything inside; may be nested
        containers.save(...)
    database.query("SELECT ...", x)     list of rows
    database.execute("INSERT ...", x)   one statement; commits alone outside a transaction

Calls take about 0.1 ms. They may come from any thread; a transaction holds the others up, so
nothing slow belongs inside one.
"""

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from sampan.errors import Internal
from sampan.state.migrations import MIGRATIONS

Value = str | bytes | int | float | None

# WAL with synchronous=NORMAL survives kill -9 of the daemon; a power cut may lose the last
# transactions but never the database (https://sqlite.org/pragma.html#pragma_synchronous).
PRAGMAS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = NORMAL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA busy_timeout = 5000",
    "PRAGMA temp_store = MEMORY",
)


class Database:
    """One open database."""

    def __init__(self, path: str) -> None:
        self.path = path
        if path != ":memory:":
            # sqlite3 would make it readable for everybody; environment variables are in it.
            os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
        self._connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._lock = threading.RLock()
        self._depth = 0
        for pragma in PRAGMAS:
            self._connection.execute(pragma)
        self._migrate()

    def _migrate(self) -> None:
        (taken,) = self._connection.execute("PRAGMA user_version").fetchone()
        if taken > len(MIGRATIONS):
            raise Internal(f"{self.path} was written by a newer version (step {taken})")
        for number, step in enumerate(MIGRATIONS[taken:], taken + 1):
            with self.transaction():
                for statement in step.split(";"):
                    if statement.strip():
                        self._connection.execute(statement)
                self._connection.execute(f"PRAGMA user_version = {number}")

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Commit everything inside at once, or nothing when it raises."""
        with self._lock:
            outermost = self._depth == 0
            if outermost:
                self._connection.execute("BEGIN IMMEDIATE")
            self._depth += 1
            try:
                yield
            except BaseException:
                self._depth -= 1
                if outermost:
                    self._connection.execute("ROLLBACK")
                raise
            self._depth -= 1
            if outermost:
                self._connection.execute("COMMIT")

    def query(self, sql: str, *values: Value) -> list[tuple[Value, ...]]:
        """Return all rows."""
        with self._lock:
            return self._connection.execute(sql, values).fetchall()

    def execute(self, sql: str, *values: Value) -> int:
        """Run one statement; return how many rows it touched."""
        with self._lock:
            return self._connection.execute(sql, values).rowcount

    def close(self) -> None:
        """Close the database."""
        with self._lock:
            self._connection.close()
