"""Images as they are kept, for the images room.

What is asked for often is in memory too; the config (the bytes whose digest is the id) is not.
"""

from collections.abc import Iterator

import msgspec

from sampan.state.database import Database


class ImageRow(msgspec.Struct, kw_only=True):
    """What is remembered of one image beside its config."""

    id: str
    chain: str | None
    diff_ids: list[str]
    size: int
    created: str = ""  # as the config says, "" when it does not
    parent: str = ""  # image it was committed or built from, when that one was here
    tagged: str = ""  # when it last got a name


class ImageTable:
    """The table of images."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._by_id: dict[str, ImageRow] = {}
        decoder = msgspec.json.Decoder(ImageRow)
        for (document,) in database.query("SELECT document FROM images"):
            assert isinstance(document, bytes)
            row = decoder.decode(document)
            self._by_id[row.id] = row

    def __iter__(self) -> Iterator[ImageRow]:
        """Go through all images; the table may change meanwhile."""
        return iter(list(self._by_id.values()))

    def __len__(self) -> int:
        """How many there are."""
        return len(self._by_id)

    def get(self, identity: str) -> ImageRow | None:
        """Return the image of this id."""
        return self._by_id.get(identity)

    def config(self, identity: str) -> bytes:
        """Return the config of an image, byte for byte."""
        ((config,),) = self._database.query("SELECT config FROM images WHERE id = ?", identity)
        assert isinstance(config, bytes)
        return config

    def add(self, row: ImageRow, config: bytes) -> None:
        """Keep an image; one that is there already stays as it is."""
        self._database.execute(
            "INSERT OR IGNORE INTO images (id, document, config) VALUES (?, ?, ?)",
            row.id,
            msgspec.json.encode(row),
            config,
        )
        self._by_id.setdefault(row.id, row)

    def save(self, row: ImageRow) -> None:
        """Keep what changed of an image."""
        self._database.execute(
            "UPDATE images SET document = ? WHERE id = ?", msgspec.json.encode(row), row.id
        )

    def delete(self, identity: str) -> None:
        """Forget an image."""
        self._database.execute("DELETE FROM images WHERE id = ?", identity)
        self._by_id.pop(identity, None)
