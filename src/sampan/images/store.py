"""The images of a daemon, as everybody else sees them: one method per verb, the verb in its file.

Synchronous; any thread may call. Streams are binary file objects or iterators of bytes.
"""

from collections.abc import Iterator

from sampan.images import load
from sampan.images.image import Image
from sampan.images.progress import Document
from sampan.images.shelf import Shelf
from sampan.state.database import Database
from sampan.storage.content import ContentStore
from sampan.storage.driver import SnapshotDriver
from sampan.storage.pipeline import Reads


class Images:
    """The facade."""

    def __init__(
        self, database: Database, content: ContentStore, snapshots: SnapshotDriver
    ) -> None:
        self._shelf = Shelf(database, content, snapshots)

    def resolve(self, ref: str) -> Image:
        """Find an image by id, beginning of an id, name[:tag] or name@digest."""
        return self._shelf.resolve(ref)

    def load(self, stream: Reads, *, quiet: bool = False) -> Iterator[Document]:
        """Take in the images of an archive."""
        return load.load(self._shelf, stream, quiet=quiet)
