"""Names of images as they are kept, for the images room.

A row is one whole reference (docker.io/library/busybox:latest, or …@sha256:…) and the image that
it names. All are in memory too.
"""

from sampan.state.database import Database


class ReferenceTable:
    """The table of references."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._image_of: dict[str, str] = {}
        self._names_of: dict[str, list[str]] = {}
        for name, image in database.query("SELECT name, image FROM image_references ORDER BY name"):
            assert isinstance(name, str)
            assert isinstance(image, str)
            self._keep(name, image)

    def _keep(self, name: str, image: str) -> None:
        self._image_of[name] = image
        names = self._names_of.setdefault(image, [])
        names.append(name)
        names.sort()

    def _drop(self, name: str) -> None:
        image = self._image_of.pop(name, None)
        if image is not None:
            self._names_of[image].remove(name)
            if not self._names_of[image]:
                del self._names_of[image]

    def image(self, name: str) -> str | None:
        """The image that a reference names."""
        return self._image_of.get(name)

    def of(self, image: str) -> list[str]:
        """All references to an image, sorted."""
        return list(self._names_of.get(image, ()))

    def all(self) -> dict[str, str]:
        """Every reference with its image."""
        return dict(self._image_of)

    def set(self, name: str, image: str) -> None:
        """Let a reference name an image, whatever it named before."""
        self._database.execute(
            "INSERT INTO image_references (name, image) VALUES (?, ?)"
            " ON CONFLICT (name) DO UPDATE SET image = excluded.image",
            name,
            image,
        )
        self._drop(name)
        self._keep(name, image)

    def delete(self, name: str) -> None:
        """Forget a reference."""
        self._database.execute("DELETE FROM image_references WHERE name = ?", name)
        self._drop(name)
