"""The tables of the state database, as numbered steps. Steps are appended, never edited.

A database remembers the number of the last step it took (PRAGMA user_version). Rows keep one
JSON document each; columns exist only for what must be unique or is looked up.
"""

MIGRATIONS: list[str] = [
    # 1: engine
    """
    CREATE TABLE containers (
        id        TEXT PRIMARY KEY,
        name      TEXT NOT NULL UNIQUE,
        document  BLOB NOT NULL
    ) WITHOUT ROWID
    """,
    # 2: engine
    """
    CREATE TABLE volumes (
        name      TEXT PRIMARY KEY,
        document  BLOB NOT NULL
    ) WITHOUT ROWID
    """,
    # 3: network
    """
    CREATE TABLE networks (
        id        TEXT PRIMARY KEY,
        name      TEXT NOT NULL UNIQUE,
        document  BLOB NOT NULL
    ) WITHOUT ROWID
    """,
    # 4: network; rows keep the order in which endpoints were made
    """
    CREATE TABLE endpoints (
        id        TEXT NOT NULL UNIQUE,
        document  BLOB NOT NULL
    )
    """,
    # 5: images
    """
    CREATE TABLE images (
        id        TEXT PRIMARY KEY,
        document  BLOB NOT NULL,
        config    BLOB NOT NULL
    );
    CREATE TABLE image_references (
        name      TEXT PRIMARY KEY,
        image     TEXT NOT NULL
    ) WITHOUT ROWID
    """,
]
