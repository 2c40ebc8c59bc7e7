"""Blobs by digest: manifests, indexes, and whatever else must be kept as it came.

    ingest() -> Ingest          a file of its own below content/ingest
    write(...), commit(digest)  verified, synced, renamed to content/blobs/sha256/<hex>

A blob is there whole or not at all. Half-written ones are removed at start. Who needs a blob is
not known here.
"""

import hashlib
import os
from collections.abc import Iterator
from contextlib import suppress
from io import BufferedReader

from sampan.base.data_root import DataRoot
from sampan.errors import InvalidRequest, NotFound
from sampan.oci.digest import hex_of
from sampan.storage import tree


class DigestMismatch(InvalidRequest):
    """The bytes are not those that their digest promised."""


class ContentStore:
    """The blobs of one data root."""

    def __init__(self, data_root: DataRoot) -> None:
        self._blobs = f"{data_root.blobs}/sha256"
        self._ingest = data_root.ingest
        os.makedirs(self._blobs, 0o700, exist_ok=True)
        os.makedirs(self._ingest, 0o700, exist_ok=True)
        tree.empty(self._ingest)

    def path(self, digest: str) -> str:
        """Where the blob of this digest lies, or would."""
        return f"{self._blobs}/{hex_of(digest)}"

    def ingest(self) -> "Ingest":
        """Begin a new blob."""
        return Ingest(self, f"{self._ingest}/{os.urandom(8).hex()}")

    def put(self, data: bytes) -> str:
        """Keep a small blob; return its digest."""
        digest = f"sha256:{hashlib.sha256(data).hexdigest()}"
        if not self.has(digest):
            ingest = self.ingest()
            ingest.write(data)
            ingest.commit()
        return digest

    def has(self, digest: str) -> bool:
        """Whether the blob is there."""
        return os.path.exists(self.path(digest))

    def open(self, digest: str) -> BufferedReader:
        """Open a blob for reading."""
        try:
            return open(self.path(digest), "rb")
        except FileNotFoundError:
            raise NotFound("blob", digest) from None

    def read(self, digest: str, limit: int = 16 << 20) -> bytes:
        """Read a whole small blob."""
        with self.open(digest) as blob:
            data = blob.read(limit + 1)
        if len(data) > limit:
            raise InvalidRequest(f"blob {digest} is longer than {limit} bytes")
        return data

    def size(self, digest: str) -> int:
        """Length of a blob."""
        try:
            return os.stat(self.path(digest)).st_size
        except FileNotFoundError:
            raise NotFound("blob", digest) from None

    def remove(self, digest: str) -> None:
        """Remove a blob; missing is fine."""
        with suppress(FileNotFoundError):
            os.unlink(self.path(digest))

    def verify(self, digest: str) -> bool:
        """Whether the blob still is what it was."""
        with self.open(digest) as blob:
            return f"sha256:{hashlib.file_digest(blob, 'sha256').hexdigest()}" == digest

    def walk(self) -> Iterator[str]:
        """Digests of all blobs."""
        for name in os.listdir(self._blobs):
            yield f"sha256:{name}"

    def place(self, path: str, digest: str) -> None:
        """Rename a finished file to its digest, durably."""
        os.rename(path, self.path(digest))
        directory = tree.open_directory(self._blobs)
        try:
            os.fsync(directory)
        finally:
            os.close(directory)


class Ingest:
    """A blob being written. Commit it or abort it; as a context it aborts what is not committed."""

    def __init__(self, store: ContentStore, path: str) -> None:
        self._store = store
        self._path = path
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
        self._fd = os.open(path, flags, 0o400)
        self._hash = hashlib.sha256()
        self.size = 0

    def __enter__(self) -> "Ingest":
        return self

    def __exit__(self, *exc: object) -> None:
        self.abort()

    def write(self, data: bytes | memoryview) -> None:
        """Append."""
        self._hash.update(data)
        self.size += len(data)
        view = memoryview(data)
        while view:
            view = view[os.write(self._fd, view) :]

    def commit(self, expected_digest: str | None = None) -> str:
        """Make it a blob, if it is the expected one; return its digest."""
        digest = f"sha256:{self._hash.hexdigest()}"
        try:
            if expected_digest is not None and digest != expected_digest:
                raise DigestMismatch(f"content is {digest}, not {expected_digest} as promised")
            os.fsync(self._fd)
            self._store.place(self._path, digest)
        finally:
            self.abort()
        return digest

    def abort(self) -> None:
        """Forget it; fine after a commit."""
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1
            with suppress(FileNotFoundError):
                os.unlink(self._path)
