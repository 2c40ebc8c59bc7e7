"""What sampan.storage.content promises."""

import os

import pytest

from sampan.base.data_root import DataRoot
from sampan.errors import InvalidRequest, NotFound
from sampan.oci import digest
from sampan.storage.content import ContentStore, DigestMismatch


@pytest.fixture(params=["fresh", "used"])
def store(request, tmp_path):
    made = ContentStore(DataRoot(str(tmp_path)))
    if request.param == "used":
        made.put(b"something from before")
        made = ContentStore(DataRoot(str(tmp_path)))
    return made


def test_a_blob_comes_back(store):
    with store.ingest() as ingest:
        ingest.write(b"hel")
        ingest.write(memoryview(b"lo"))
        name = ingest.commit(digest.of(b"hello"))
    assert name == digest.of(b"hello")
    assert store.read(name) == b"hello"
    assert store.size(name) == 5
    assert store.has(name)
    assert name in store.walk()
    with store.open(name) as blob:
        assert blob.read() == b"hello"


def test_bytes_that_are_not_as_promised_are_never_a_blob(store, tmp_path):
    with store.ingest() as ingest:
        ingest.write(b"evil")
        with pytest.raises(DigestMismatch, match="promised"):
            ingest.commit(digest.of(b"good"))
    assert not store.has(digest.of(b"evil"))
    assert not store.has(digest.of(b"good"))
    assert os.listdir(tmp_path / "content" / "ingest") == []


def test_what_is_not_committed_leaves_nothing(store, tmp_path):
    with store.ingest() as ingest:
        ingest.write(b"half")
    assert os.listdir(tmp_path / "content" / "ingest") == []


def test_half_written_blobs_are_gone_after_a_restart(store, tmp_path):
    ingest = store.ingest()
    ingest.write(b"half")
    ContentStore(DataRoot(str(tmp_path)))
    assert os.listdir(tmp_path / "content" / "ingest") == []
    ingest.abort()


def test_the_same_blob_twice_is_one(store):
    assert store.put(b"x") == store.put(b"x")
    assert list(store.walk()).count(digest.of(b"x")) == 1


def test_removal_is_idempotent(store):
    name = store.put(b"x")
    store.remove(name)
    store.remove(name)
    assert not store.has(name)
    with pytest.raises(NotFound, match="No such blob"):
        store.open(name)


def test_damage_is_noticed(store):
    name = store.put(b"x" * 100)
    assert store.verify(name)
    os.chmod(store.path(name), 0o600)
    with open(store.path(name), "r+b") as blob:
        blob.write(b"y")
    assert not store.verify(name)


@pytest.mark.parametrize("name", ["sha256:../../etc/passwd", "x", "sha256:" + "a" * 63])
def test_a_name_that_is_no_digest_is_refused(store, name):
    with pytest.raises(InvalidRequest, match="digest"):
        store.path(name)


def test_large_blobs_are_not_read_whole(store):
    name = store.put(bytes(100))
    with pytest.raises(InvalidRequest, match="longer than 10"):
        store.read(name, limit=10)
