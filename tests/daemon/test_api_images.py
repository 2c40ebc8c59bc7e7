"""Images: list, import, load, save, tag, history, inspect, remove, prune."""

import io
import json
import tarfile

from tests.support.containers import create, run
from tests.support.daemon import busybox_tar


def test_the_list_and_the_document_agree(daemon):
    [shown] = daemon.api.get("/images/json").json
    assert shown["RepoTags"] == ["busybox:latest"]
    found = daemon.api.get("/images/busybox/json").json
    assert found["Id"] == shown["Id"]
    assert found["Config"]["Cmd"] == ["sh"]
    assert found["RootFS"]["Layers"]
    assert "VirtualSize" not in shown
    [old] = daemon.api.get("/v1.41/images/json").json
    assert old["VirtualSize"] == old["Size"]


def test_a_tag_is_another_name_and_can_be_taken_away(daemon):
    answer = daemon.api.post("/images/busybox/tag", repo="host:5000/other/name", tag="v1")
    assert answer.status == 201
    assert daemon.api.get("/images/host:5000/other/name:v1/json").status == 200
    answer = daemon.api.delete("/images/host:5000/other/name:v1")
    assert answer.json == [{"Untagged": "host:5000/other/name:v1"}]
    assert daemon.api.get("/images/busybox/json").status == 200


def test_a_bad_tag_is_refused(daemon):
    assert daemon.api.post("/images/busybox/tag", repo="UPPER").status == 400
    assert daemon.api.post("/images/nobody/tag", repo="x").status == 404


def test_save_and_load_give_the_same_image(daemon):
    before = daemon.api.get("/images/busybox/json").json["Id"]
    archive = daemon.api.get("/images/get", names="busybox").body
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        [manifest] = json.load(tar.extractfile("manifest.json"))
    assert manifest["RepoTags"] == ["busybox:latest"]
    assert daemon.api.delete("/images/busybox", force=True).status == 200
    answer = daemon.api.post("/images/load", body=archive)
    assert answer.status == 200
    assert any("busybox:latest" in line.get("stream", "") for line in answer.lines)
    assert daemon.api.get("/images/busybox/json").json["Id"] == before
    assert run(daemon.api, "echo", "hi") == (0, "hi\n")


def test_a_broken_archive_cannot_be_loaded(daemon):
    answer = daemon.api.post("/images/load", body=b"nonsense" * 500)
    if answer.status == 200:
        assert "error" in answer.lines[-1]
    else:
        assert answer.status == 400


def test_import_takes_changes_and_a_message(daemon):
    answer = daemon.api.post(
        "/images/create",
        body=busybox_tar(),
        fromSrc="-",
        repo="mine",
        tag="1",
        message="why",
        changes=["ENV A=b", 'CMD ["env"]'],
    )
    assert answer.status == 200
    assert answer.lines[-1]["status"].startswith("sha256:")
    code, text = run(daemon.api, Image="mine:1")
    assert code == 0
    assert "A=b" in text
    assert daemon.api.get("/images/mine:1/history").json[0]["Comment"] == "why"
    daemon.api.post("/containers/prune")
    assert daemon.api.delete("/images/mine:1").status == 200


def test_an_image_in_use_is_not_removed_without_force(daemon):
    create(daemon.api)
    answer = daemon.api.delete("/images/busybox")
    assert answer.status == 409
    assert "is using" in answer.message


def test_an_unknown_image_is_not_found(daemon):
    for answer in (
        daemon.api.get("/images/nobody/json"),
        daemon.api.get("/images/nobody/history"),
        daemon.api.delete("/images/nobody"),
        daemon.api.get("/images/nobody/get"),
    ):
        assert (answer.status, answer.message) == (404, "No such image: nobody:latest") or (
            answer.message == "No such image: nobody"
        ), answer


def test_prune_takes_only_dangling_images(daemon):
    assert not daemon.api.post("/images/prune").json["ImagesDeleted"]
    assert daemon.api.get("/images/busybox/json").status == 200
