"""Volumes as they are kept: one document each, all in memory too. Their files are elsewhere."""

from collections.abc import Iterator

import msgspec

from sampan.state.database import Database


class Volume(msgspec.Struct, kw_only=True):
    """Everything that is remembered of one volume."""

    name: str
    driver: str = "local"
    created: str = ""
    mountpoint: str = ""
    labels: dict[str, str] | None = None
    options: dict[str, str] | None = None
    anonymous: bool = False


class VolumeTable:
    """The table of volumes."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._by_name: dict[str, Volume] = {}
        decoder = msgspec.json.Decoder(Volume)
        for (document,) in database.query("SELECT document FROM volumes"):
            assert isinstance(document, bytes)
            volume = decoder.decode(document)
            self._by_name[volume.name] = volume

    def __iter__(self) -> Iterator[Volume]:
        """Go through all volumes; the table may change meanwhile."""
        return iter(list(self._by_name.values()))

    def get(self, name: str) -> Volume | None:
        """Return the volume of this name."""
        return self._by_name.get(name)

    def add(self, volume: Volume) -> None:
        """Keep a new volume."""
        self._database.execute(
            "INSERT INTO volumes (name, document) VALUES (?, ?)",
            volume.name,
            msgspec.json.encode(volume),
        )
        self._by_name[volume.name] = volume

    def delete(self, name: str) -> None:
        """Forget a volume."""
        self._database.execute("DELETE FROM volumes WHERE name = ?", name)
        self._by_name.pop(name, None)
