"""The images of a daemon, as everybody else sees them: one method per verb, the verb in its file.

Synchronous; any thread may call. Streams in are anything with read(n); streams out are iterators
of bytes. Work that takes long gives an iterator of Docker's progress documents.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sampan.images import (
    bootstrap,
    commit,
    history,
    import_,
    inspect,
    list_,
    load,
    prune,
    remove,
    save,
    tag,
)
from sampan.images.image import Image
from sampan.images.list_ import Filters
from sampan.images.progress import Document
from sampan.images.remove import InUse, Record
from sampan.images.repair import repair
from sampan.images.shelf import Shelf
from sampan.state.database import Database
from sampan.storage.content import ContentStore
from sampan.storage.driver import SnapshotDriver
from sampan.storage.pipeline import Reads

# Named here because inside the class `list` is a verb.
Documents = list[dict[str, Any]]
Records = list[Record]


class Images:
    """The facade. Making it repairs what a kill left."""

    def __init__(
        self, database: Database, content: ContentStore, snapshots: SnapshotDriver
    ) -> None:
        self._shelf = Shelf(database, content, snapshots)
        repair(self._shelf)

    def settle(self) -> None:
        """Bring all layers to the disk, at the end of the daemon."""
        self._shelf.snapshots.settle()

    def resolve(self, ref: str) -> Image:
        """Find an image by id, beginning of an id, name[:tag] or name@digest."""
        return self._shelf.resolve(ref)

    def config(self, identity: str) -> bytes:
        """The config of an image, byte for byte."""
        return self._shelf.rows.config(identity)

    def __len__(self) -> int:
        """How many images there are."""
        return len(self._shelf.rows)

    def list(
        self,
        filters: Filters | None = None,
        *,
        everything: bool = False,
        shared_size: bool = False,
    ) -> Documents:
        """ImageSummary of each image, the newest first."""
        return list_.list_(
            self._shelf, filters or {}, everything=everything, shared_size=shared_size
        )

    def inspect(self, ref: str) -> dict[str, Any]:
        """Everything about one image."""
        return inspect.inspect(self._shelf, self.resolve(ref))

    def history(self, ref: str) -> Documents:
        """How an image came to be, the newest step first."""
        return history.history(self._shelf, self.resolve(ref))

    def tag(self, ref: str, repository: str, tag_: str = "") -> str:
        """Give an image another name; return it as users write it."""
        return tag.tag(self._shelf, self._shelf.find(ref), repository, tag_)

    def remove(
        self, ref: str, in_use: InUse, *, force: bool = False, prune: bool = True
    ) -> Records:
        """Remove a name, or the image; return Docker's Untagged and Deleted lines."""
        return remove.remove(self._shelf, ref, in_use, force=force, prune=prune)

    def prune(self, filters: Filters | None, in_use: InUse) -> dict[str, Any]:
        """Remove what nothing names or uses; answer {ImagesDeleted, SpaceReclaimed}."""
        return prune.prune(self._shelf, filters or {}, in_use)

    def release(self) -> None:
        """Remove layers whose last user, a container of a removed image, is gone."""
        self._shelf.sweep()

    def load(self, stream: Reads, *, quiet: bool = False) -> Iterator[Document]:
        """Take in the images of an archive."""
        return load.load(self._shelf, stream, quiet=quiet)

    def save(self, refs: Sequence[str]) -> Iterator[bytes]:
        """Write images as an archive."""
        return save.save(self._shelf, refs)

    def import_(
        self,
        stream: Reads,
        *,
        repository: str = "",
        tag_: str = "",
        changes: Sequence[str] = (),
        message: str = "",
        platform: str = "",
    ) -> str:
        """Make an image of a root file system tarball; return its id."""
        return import_.import_(
            self._shelf,
            stream,
            name=import_.name_of(repository, tag_),
            changes_=list(changes),
            message=message,
            platform=platform,
        )

    def commit(
        self,
        key: str,
        *,
        parent: str = "",
        config: Mapping[str, Any],
        repository: str = "",
        tag_: str = "",
        author: str = "",
        comment: str = "",
        changes: Sequence[str] = (),
    ) -> str:
        """Make an image of a container's snapshot; return its id.

        `config` is the container's (Docker's words), `parent` the image it was made from.
        """
        return commit.commit(
            self._shelf,
            key,
            parent=parent,
            words=dict(config),
            name=import_.name_of(repository, tag_),
            author=author,
            comment=comment,
            changes_=list(changes),
        )

    def bootstrap(self, ref: str, scratch: str) -> Iterator[Document]:
        """Make a base image from the distribution's packages; scratch is for its files."""
        return bootstrap.bootstrap(self._shelf, ref, scratch)

    def usage(self) -> dict[str, Any]:
        """What images take on disk: {LayersSize, Images} of `system df`."""
        return {
            "LayersSize": list_.layers_size(self._shelf),
            "Images": list_.list_(self._shelf, {}, everything=True, shared_size=True),
        }
