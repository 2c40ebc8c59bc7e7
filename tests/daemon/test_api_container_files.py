"""archive both ways, export, commit."""

import base64
import io
import json
import tarfile

from tests.support.containers import create, run, start, wait


def tar_of(**files):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        for name, text in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(text)
            tar.addfile(entry, io.BytesIO(text))
    return out.getvalue()


def names_in(body):
    with tarfile.open(fileobj=io.BytesIO(body)) as tar:
        return tar.getnames()


def test_files_go_in_and_come_out(daemon):
    container = create(daemon.api)
    body = tar_of(hello=b"world")
    answer = daemon.api.call("PUT", f"/containers/{container}/archive", body=body, path="/tmp")
    assert answer.status == 200, answer
    answer = daemon.api.get(f"/containers/{container}/archive", path="/tmp/hello")
    stat = json.loads(base64.b64decode(answer.headers["x-docker-container-path-stat"]))
    assert (stat["name"], stat["size"]) == ("hello", 5)
    with tarfile.open(fileobj=io.BytesIO(answer.body)) as tar:
        assert tar.extractfile("hello").read() == b"world"


def test_head_tells_what_a_path_is(daemon):
    container = create(daemon.api)
    answer = daemon.api.call("HEAD", f"/containers/{container}/archive", path="/bin/sh")
    stat = json.loads(base64.b64decode(answer.headers["x-docker-container-path-stat"]))
    assert stat["linkTarget"] == "/bin/busybox"
    answer = daemon.api.call("HEAD", f"/containers/{container}/archive", path="/nothing")
    assert answer.status == 404


def test_a_path_must_be_given_and_exist(daemon):
    container = create(daemon.api)
    assert daemon.api.get(f"/containers/{container}/archive").status == 400
    answer = daemon.api.get(f"/containers/{container}/archive", path="/nothing")
    assert answer.status == 404
    assert "/nothing" in answer.message
    answer = daemon.api.call(
        "PUT", f"/containers/{container}/archive", body=tar_of(a=b""), path="/nothing"
    )
    assert answer.status == 404


def test_a_broken_archive_is_refused(daemon):
    container = create(daemon.api)
    answer = daemon.api.call(
        "PUT", f"/containers/{container}/archive", body=b"x" * 2000, path="/tmp"
    )
    assert answer.status == 400, answer


def test_files_can_be_copied_into_a_running_container(daemon):
    container = start(daemon.api, "sh", "-c", "until [ -s /tmp/go ]; do sleep 0.01; done")
    daemon.api.call("PUT", f"/containers/{container}/archive", body=tar_of(go=b"1"), path="/tmp")
    assert wait(daemon.api, container) == 0


def test_export_is_the_whole_tree(daemon):
    container = start(daemon.api, "sh", "-c", "echo x > /new; rm /etc/group")
    wait(daemon.api, container)
    names = names_in(daemon.api.get(f"/containers/{container}/export").body)
    assert "new" in names
    assert "bin/busybox" in names
    assert "etc/group" not in names


def test_a_commit_is_an_image_that_runs(daemon):
    container = start(daemon.api, "sh", "-c", "echo kept > /new")
    wait(daemon.api, container)
    answer = daemon.api.post(
        "/commit",
        container=container,
        repo="kept",
        tag="1",
        author="me",
        comment="why",
        changes='CMD ["cat","/new"]',
    )
    assert answer.status == 201, answer
    assert answer.json["Id"].startswith("sha256:")
    assert run(daemon.api, Image="kept:1") == (0, "kept\n")
    found = daemon.api.get("/images/kept:1/json").json
    assert (found["Author"], found["Comment"]) == ("me", "why")
    daemon.api.post("/containers/prune")
    assert daemon.api.delete("/images/kept:1").status == 200
