"""Images in and out of archives, tarballs, containers and packages."""

import bz2
import gzip
import io
import json
import lzma
import os
import subprocess
import tarfile

import pytest
import zstandard
from tests.support.stores import BASE, TOP, Stores, container, content, load, nobody, put, write
from tests.support.tars import docker_archive, files, link, member, oci_layout, tar

from sampan.errors import InvalidRequest, NotFound, Unavailable
from sampan.oci import digest
from sampan.storage import rootfs

pytestmark = pytest.mark.root


@pytest.fixture
def stores(tmp_path):
    made = Stores(tmp_path / "data")
    yield made
    made.close()


COMPRESSIONS = {
    "plain": None,
    "gzip": gzip.compress,
    "bzip2": bz2.compress,
    "xz": lzma.compress,
    "zstd": lambda data: zstandard.ZstdCompressor().compress(data),
}


@pytest.mark.parametrize("pack", COMPRESSIONS.values(), ids=COMPRESSIONS)
@pytest.mark.parametrize("make", [docker_archive, oci_layout])
def test_layers_of_every_compression_are_loaded(stores, make, pack):
    assert load(stores, make(BASE, TOP, compress=pack)) == ["Loaded image: thing:latest\n"]
    image = stores.images.resolve("thing")
    assert image.diff_ids == [digest.of(BASE), digest.of(TOP)]
    assert content(stores, image) == {"base": b"base", "other": b"x" * 5000, "top": b"top"}
    assert image.size == 4 + 5000 + 3


@pytest.mark.parametrize("pack", COMPRESSIONS.values(), ids=COMPRESSIONS)
def test_archives_compressed_as_a_whole_are_loaded(stores, pack):
    data = docker_archive(BASE)
    assert load(stores, pack(data) if pack else data) == ["Loaded image: thing:latest\n"]


def test_an_image_without_a_name_is_loaded_by_its_id(stores):
    (line,) = load(stores, docker_archive(BASE, tags=()))
    assert line == f"Loaded image ID: {stores.images.list()[0]['Id']}\n"


def test_layers_shared_by_symlink_are_found(stores):
    described = json.loads(json.dumps({"os": "linux", "rootfs": {"diff_ids": [digest.of(BASE)]}}))
    item = [{"Config": "c.json", "RepoTags": ["x:1"], "Layers": ["b/layer.tar"]}]
    data = tar(
        member("a/layer.tar", data=BASE),
        link("b/layer.tar", "../a/layer.tar"),
        member("c.json", data=json.dumps(described).encode()),
        member("manifest.json", data=json.dumps(item).encode()),
    )
    assert load(stores, data) == ["Loaded image: x:1\n"]


def test_an_archive_of_before_config_files_is_loaded(stores):
    data = tar(
        member("top/layer.tar", data=TOP),
        member("top/json", data=json.dumps({"id": "top", "parent": "base"}).encode()),
        member("base/layer.tar", data=BASE),
        member("base/json", data=b'{"id": "base"}'),
        member("repositories", data=b'{"old": {"1": "top"}}'),
    )
    assert load(stores, data) == ["Loaded image: old:1\n"]
    assert sorted(content(stores, stores.images.resolve("old:1"))) == ["base", "other", "top"]


def test_a_layer_may_be_in_an_image_twice(stores):
    empty = tar()
    load(stores, docker_archive(empty, BASE, empty, empty))
    image = stores.images.resolve("thing")
    assert len(image.diff_ids) == 4
    assert sorted(content(stores, image)) == ["base", "other"]


def test_the_same_layer_over_another_base_is_loaded_from_what_is_here(stores):
    load(stores, docker_archive(BASE, TOP))
    saved = b"".join(stores.images.save(["thing"]))
    load(stores, docker_archive(TOP, tags=["alone:1"]))
    assert sorted(content(stores, stores.images.resolve("alone:1"))) == ["top"]
    load(stores, saved)


def test_loading_again_changes_nothing(stores):
    load(stores, docker_archive(BASE))
    before = stores.files(), stores.images.list()
    load(stores, docker_archive(BASE))
    assert (stores.files(), stores.images.list()) == before


def test_a_name_moves_to_the_new_image(stores):
    old = put(stores, "thing:1", BASE)
    lines = load(stores, docker_archive(TOP, tags=["thing:1"]))
    assert lines[0].startswith("The image thing:1 already exists, renaming the old one with ID")
    assert stores.images.resolve(old.id).references == []


PROMISE = b'{"rootfs": {"diff_ids": ["' + digest.of(BASE).encode() + b'"]}}'
BROKEN = {
    "no archive": (b"hello" * 1000, "Error processing tar file"),
    "an empty archive": (tar(), "does not contain a manifest.json"),
    "a layer cut short": (docker_archive(BASE)[:2000], "Error processing tar file"),
    "damaged gzip": (gzip.compress(docker_archive(BASE))[:-9], "gzip"),
    "a layer too few": (
        tar(
            member("c.json", data=PROMISE),
            member("manifest.json", data=b'[{"Config": "c.json", "Layers": []}]'),
        ),
        "layers length mismatch: expected 1, got 0",
    ),
    "a missing layer": (
        tar(
            member("c.json", data=PROMISE),
            member("manifest.json", data=b'[{"Config": "c.json", "Layers": ["l.tar"]}]'),
        ),
        "layer l.tar is missing",
    ),
    "another layer than promised": (
        tar(
            member("l.tar", data=TOP),
            member("c.json", data=PROMISE),
            member("manifest.json", data=b'[{"Config": "c.json", "Layers": ["l.tar"]}]'),
        ),
        "invalid diffID for layer 0",
    ),
    "no root file system": (
        tar(
            member("c.json", data=b"{}"),
            member("manifest.json", data=b'[{"Config": "c.json"}]'),
        ),
        "no RootFS key",
    ),
    "an escape": (docker_archive(tar(member("../evil"))), "outside of the destination"),
    "another system": (docker_archive(BASE, os="windows"), "cannot load windows image"),
    "a bad name": (docker_archive(BASE, tags=["A:1"]), "must be lowercase"),
}


@pytest.mark.parametrize(("data", "message"), BROKEN.values(), ids=BROKEN)
def test_broken_archives_are_refused_and_leave_nothing(stores, data, message):
    with pytest.raises(InvalidRequest, match=message):
        load(stores, data)
    if message != "must be lowercase":
        assert stores.images.list() == []
        assert stores.files() == []


def test_a_reader_that_leaves_stops_the_load(stores):
    documents = stores.images.load(io.BytesIO(docker_archive(files(f=os.urandom(30 << 20)))))
    assert next(documents)["status"] == "Loading layer"
    documents.close()


def test_what_is_saved_loads_again(stores, tmp_path):
    put(stores, "one:1", BASE, TOP)
    put(stores, "two:2", BASE)
    saved = b"".join(stores.images.save(["one:1", "two:2"]))
    other = Stores(tmp_path / "other")
    try:
        assert load(other, saved) == ["Loaded image: one:1\n", "Loaded image: two:2\n"]
        for name in ("one:1", "two:2"):
            assert other.images.resolve(name).id == stores.images.resolve(name).id
        assert b"".join(other.images.save(["one:1", "two:2"])) == saved
    finally:
        other.close()


def test_what_is_saved_is_both_a_docker_archive_and_an_oci_layout(stores, tmp_path):
    put(stores, "one:1", BASE, TOP)
    saved = tmp_path / "saved.tar"
    saved.write_bytes(b"".join(stores.images.save(["one:1"])))
    with tarfile.open(saved) as archive:
        (item,) = json.load(archive.extractfile("manifest.json"))
        assert item["RepoTags"] == ["one:1"]
        for name in (item["Config"], *item["Layers"]):
            blob = archive.extractfile(name).read()
            assert name == f"blobs/sha256/{digest.hex_of(digest.of(blob))}"
        archive.extractall(tmp_path / "layout", filter="tar")
    for source in (f"docker-archive:{saved}", f"oci:{tmp_path / 'layout'}"):
        done = subprocess.run(
            ["skopeo", "inspect", "--config", source], capture_output=True, text=True, check=True
        )
        assert json.loads(done.stdout)["rootfs"]["diff_ids"] == [digest.of(BASE), digest.of(TOP)]


def test_a_name_without_a_tag_saves_all_its_tags(stores):
    put(stores, "one:1", BASE)
    put(stores, "one:2", TOP)
    with tarfile.open(fileobj=io.BytesIO(b"".join(stores.images.save(["one"])))) as archive:
        items = json.load(archive.extractfile("manifest.json"))
    assert [item["RepoTags"] for item in items] == [["one:1"], ["one:2"]]


def test_an_unknown_image_is_named_before_anything_is_written(stores):
    with pytest.raises(NotFound, match="No such image: nothing:latest"):
        stores.images.save(["nothing"])


@pytest.mark.parametrize("pack", COMPRESSIONS.values(), ids=COMPRESSIONS)
def test_tarballs_are_imported(stores, pack):
    identity = stores.images.import_(
        io.BytesIO(pack(BASE) if pack else BASE),
        repository="made",
        tag_="1",
        changes=["CMD top", "ENV A=b"],
        message="by hand",
    )
    image = stores.images.resolve("made:1")
    assert image.id == identity
    assert image.config["config"] == {"Cmd": ["/bin/sh", "-c", "top"], "Env": ["A=b"]}
    assert stores.images.history("made:1")[0]["Comment"] == "by hand"


@pytest.mark.parametrize(
    ("data", "wishes", "message"),
    [
        (b"", {}, "unexpected EOF"),
        (b"hello\n" * 200, {}, "Error processing tar file: archive/tar: invalid tar header"),
        (BASE, {"changes": ["RUN x"]}, "run is not a valid change command"),
        (BASE, {"repository": "A"}, "must be lowercase"),
        (BASE, {"platform": "windows"}, "not supported"),
        (BASE, {"repository": f"a@sha256:{'a' * 64}"}, "cannot import digest reference"),
    ],
)
def test_bad_imports_are_refused(stores, data, wishes, message):
    with pytest.raises(InvalidRequest, match=message):
        stores.images.import_(io.BytesIO(data), **wishes)
    assert stores.files() == []


def test_a_commit_adds_a_layer_of_what_changed(stores):
    base = put(stores)
    container(stores, "key", base, lambda fd: write(fd, "new", b"fresh"))
    identity = stores.images.commit(
        "key",
        parent=base.id,
        config={"Cmd": ["sh"], "Hostname": "abc", "Env": ["A=1"]},
        repository="mine",
        author="me",
        comment="first",
        changes=["ENV B=2"],
    )
    made = stores.images.resolve("mine")
    assert made.id == identity
    assert made.parent == base.id
    assert made.config["config"] == {"Cmd": ["sh"], "Env": ["A=1", "B=2"]}
    assert content(stores, made)["new"] == b"fresh"
    assert [item["Id"] for item in stores.images.history("mine")] == [identity, base.id]
    found = stores.images.inspect("mine")
    assert (found["Author"], found["Comment"], found["Parent"]) == ("me", "first", base.id)


def test_a_commit_of_nothing_adds_no_layer(stores):
    base = put(stores)
    container(stores, "key", base)
    made = stores.images.resolve(stores.images.commit("key", parent=base.id, config={}))
    assert made.diff_ids == base.diff_ids
    assert made.config["history"][-1]["empty_layer"] is True


def test_a_container_of_a_removed_image_can_still_be_committed(stores):
    base = put(stores)
    container(stores, "key", base, lambda fd: write(fd, "new", b"1"))
    stores.images.remove("thing", nobody, force=True)
    made = stores.images.resolve(stores.images.commit("key", parent=base.id, config={}))
    assert sorted(content(stores, made)) == ["base", "new", "other"]
    assert len(made.config["history"]) == 2


def test_busybox_is_made_of_the_host_s_static_binary(stores):
    if not os.path.exists("/bin/busybox"):
        pytest.skip("needs the package busybox-static")
    documents = list(stores.images.bootstrap("busybox", stores.root.tmp))
    image = stores.images.resolve("busybox")
    assert documents[-1]["aux"] == {"ID": image.id}
    assert image.config["config"]["Cmd"] == ["sh"]

    def check(root_fd):
        assert os.readlink("bin/sh", dir_fd=root_fd) == "busybox"
        assert os.stat("tmp", dir_fd=root_fd).st_mode & 0o7777 == 0o1777

    rootfs.view(stores.snapshots.view(image.chain), check)


@pytest.mark.slow
def test_debian_is_made_of_the_host_s_packages(stores):
    if not os.path.exists("/usr/bin/mmdebstrap"):
        pytest.skip("needs the package mmdebstrap")
    documents = list(stores.images.bootstrap("debian:bookworm-slim", stores.root.tmp))
    image = stores.images.resolve("debian:bookworm-slim")
    assert documents[-1]["aux"] == {"ID": image.id}
    assert image.config["config"]["Cmd"] == ["bash"]
    assert image.size < 100_000_000

    def check(root_fd):
        assert os.stat("usr/bin/bash", dir_fd=root_fd).st_mode & 0o111
        assert os.stat("usr/sbin/policy-rc.d", dir_fd=root_fd).st_mode & 0o111
        lists = os.open("var/lib/apt/lists", os.O_RDONLY, dir_fd=root_fd)
        assert set(os.listdir(lists)) <= {"lock", "partial"}
        os.close(lists)

    rootfs.view(stores.snapshots.view(image.chain), check)
    assert os.listdir(stores.root.tmp) == []


@pytest.mark.parametrize(
    ("text", "error", "message"),
    [
        ("fedora", InvalidRequest, "there are debian, ubuntu and busybox"),
        ("quay.io/debian", InvalidRequest, "there are debian, ubuntu and busybox"),
        ("debian:book$(x)", InvalidRequest, "invalid"),
        ("debian:nosuchsuite", Unavailable, "mmdebstrap failed"),
    ],
)
def test_what_cannot_be_bootstrapped_says_why(stores, text, error, message):
    with pytest.raises(error, match=message):
        list(stores.images.bootstrap(text, stores.root.tmp))
    assert stores.files() == []
