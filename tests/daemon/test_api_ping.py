"""GET and HEAD /_ping, /version, /info, and what is not there."""

import pytest


def test_ping_says_what_is_spoken(daemon):
    answer = daemon.api.get("/_ping")
    assert answer.body == b"OK"
    assert answer.headers["api-version"] == "1.51"
    assert answer.headers["ostype"] == "linux"
    assert answer.headers["docker-experimental"] == "false"
    assert "no-cache" in answer.headers["cache-control"]
    assert answer.headers["swarm"] == "inactive"


def test_head_ping_has_no_body(daemon):
    answer = daemon.api.call("HEAD", "/_ping")
    assert (answer.status, answer.body) == (200, b"")
    assert answer.headers["api-version"] == "1.51"


def test_version_tells_both_ends_of_what_is_spoken(daemon):
    found = daemon.api.get("/version").json
    assert (found["MinAPIVersion"], found["ApiVersion"]) == ("1.24", "1.51")
    assert found["Os"] == "linux"
    assert found["Version"]


def test_info_counts_containers(daemon):
    found = daemon.api.get("/info").json
    assert found["Containers"] == 0
    assert found["DockerRootDir"].startswith(str(daemon.root))
    assert found["OSType"] == "linux"


@pytest.mark.parametrize("version", ["1.24", "1.41", "1.51"])
def test_every_version_between_is_spoken(daemon, version):
    assert daemon.api.get(f"/v{version}/containers/json").json == []


def test_other_versions_are_refused_with_a_sentence(daemon):
    answer = daemon.api.get("/v1.99/containers/json")
    assert answer.status == 400
    assert answer.message == (
        "client version 1.99 is too new. Maximum supported API version is 1.51"
    )
    assert "too old" in daemon.api.get("/v1.12/info").message


def test_an_unknown_path_is_not_found(daemon):
    for path in ("/nonsense", "/v1.51/nonsense", "/"):
        answer = daemon.api.get(path)
        assert (answer.status, answer.json) == (404, {"message": "page not found"})


def test_what_this_build_lacks_says_so(daemon):
    assert daemon.api.post("/auth", {}).status == 501
    assert daemon.api.get("/images/search", term="x").status == 501
    answer = daemon.api.post("/images/create", fromImage="nginx", tag="latest")
    assert answer.status == 501
    assert "cannot pull nginx:latest" in answer.message
    assert daemon.api.get("/services").status == 503


def test_a_body_that_is_not_json_is_refused(daemon):
    api = daemon.api
    answer = api.post("/containers/create", body=b"{", headers={"Content-Type": "application/json"})
    assert answer.status == 400
    assert "invalid JSON" in answer.message
    answer = api.post("/containers/create", body=b"{}", headers={"Content-Type": "text/plain"})
    assert answer.status == 400
    assert "must be 'application/json'" in answer.message
    assert api.post("/containers/create").status == 400


def test_the_log_shows_no_traceback_for_bad_requests(daemon):
    daemon.api.get("/containers/json", filters="{")
    daemon.api.get("/containers/nobody/json")
    assert "Traceback" not in daemon.log.read_text()
