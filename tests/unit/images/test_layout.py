"""What an archive says it holds."""

import json

import pytest

from sampan.errors import InvalidRequest
from sampan.images import legacy
from sampan.images.layout import from_index, from_manifest
from sampan.oci import digest, media


class Parts:
    def __init__(self, documents, layers=None, links=None):
        self.documents = {
            name: data if isinstance(data, bytes) else json.dumps(data).encode()
            for name, data in documents.items()
        }
        self.layers = layers or {}
        self.links = links or {}

    def follow(self, name):
        return self.links.get(name, name)


def blobs(*items):
    """Blobs by path, and a descriptor for each."""
    documents, descriptors = {}, []
    for item, kind in items:
        data = json.dumps(item).encode()
        documents[f"blobs/sha256/{digest.hex_of(digest.of(data))}"] = data
        descriptors.append({"mediaType": kind, "digest": digest.of(data), "size": len(data)})
    return documents, descriptors


def test_a_docker_archive_lists_its_images():
    item = {"Config": "c.json", "RepoTags": ["a:1", "b:2"], "Layers": ["l/layer.tar"]}
    (found,) = from_manifest(Parts({"manifest.json": [item], "c.json": {"os": "linux"}}))
    assert found.names == ["a:1", "b:2"]
    assert found.layers == ["l/layer.tar"]


def test_an_index_is_followed_to_this_platform():
    configs, (config,) = blobs(({"os": "linux"}, media.CONFIG))
    layer = {"mediaType": media.LAYER, "digest": digest.of(b"l"), "size": 1}
    manifests, (manifest,) = blobs(({"config": config, "layers": [layer]}, media.MANIFEST))
    here = {**manifest, "platform": {"os": "linux", "architecture": media.ARCHITECTURE}}
    other = {**manifest, "platform": {"os": "windows", "architecture": "mips"}}
    indexes, (index,) = blobs(({"manifests": [other, here]}, media.INDEX))
    top = {"manifests": [{**index, "annotations": {"io.containerd.image.name": "x.io/a:1"}}]}
    (found,) = from_index(Parts({"index.json": top, **indexes, **manifests, **configs}))
    assert found.names == ["x.io/a:1"]
    assert found.layers == [f"blobs/sha256/{digest.hex_of(digest.of(b'l'))}"]


def test_a_blob_that_is_not_what_it_is_called_is_refused():
    configs, (config,) = blobs(({"os": "linux"}, media.CONFIG))
    manifests, (manifest,) = blobs(({"config": config, "layers": []}, media.MANIFEST))
    documents = {**manifests, **dict.fromkeys(configs, {"os": "evil"})}
    with pytest.raises(InvalidRequest, match="invalid archive: blob"):
        from_index(Parts({"index.json": {"manifests": [manifest]}, **documents}))


@pytest.mark.parametrize("data", [b"{", b'[{"Config": 5}]', b'{"Config": "x"}', b"null", b"\xff"])
def test_nonsense_in_a_manifest_is_an_error_of_the_archive(data):
    with pytest.raises(InvalidRequest, match="invalid archive"):
        from_manifest(Parts({"manifest.json": data}))


def test_a_missing_config_is_named():
    with pytest.raises(InvalidRequest, match="c.json is missing"):
        from_manifest(Parts({"manifest.json": [{"Config": "c.json"}]}))


def test_images_of_before_config_files_get_one():
    class Layer:
        diff_id = digest.of(b"x")

    command = {"Cmd": ["/bin/sh", "-c", "#(nop) ADD x"]}
    parts = Parts(
        {
            "repositories": {"old": {"1": "top"}},
            "top/json": {"id": "top", "parent": "base", "config": {"Cmd": ["sh"]}, "os": "linux"},
            "base/json": {"id": "base", "container_config": command},
        },
        layers={"top/layer.tar": Layer, "base/layer.tar": Layer},
    )
    (found,) = legacy.from_repositories(parts)
    config = json.loads(found.config)
    assert found.names == ["old:1"]
    assert config["rootfs"]["diff_ids"] == [Layer.diff_id, Layer.diff_id]
    assert config["config"] == {"Cmd": ["sh"]}
    assert config["history"][0]["created_by"] == "/bin/sh -c #(nop) ADD x"
    assert "parent" not in config
