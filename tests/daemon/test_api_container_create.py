"""POST /containers/create."""

import pytest
from tests.support.containers import create, inspect


def test_a_container_is_created_with_its_wishes(daemon):
    container = create(
        daemon.api,
        *("sleep", "1"),
        name="web",
        Env=["A=b"],
        Labels={"x": "y"},
        WorkingDir="/tmp",
        host={"Memory": 64 << 20, "PidsLimit": 50},
    )
    found = inspect(daemon.api, "web")
    assert found["Id"] == container
    assert found["Name"] == "/web"
    assert found["State"]["Status"] == "created"
    assert found["Config"]["Cmd"] == ["sleep", "1"]
    assert "A=b" in found["Config"]["Env"]
    assert found["Config"]["Labels"] == {"x": "y"}
    assert found["HostConfig"]["Memory"] == 64 << 20
    assert found["Config"]["Image"] == "busybox"
    assert found["Image"].startswith("sha256:")


def test_a_container_without_a_name_gets_one(daemon):
    assert len(inspect(daemon.api, create(daemon.api))["Name"]) > 3


def test_a_name_can_be_taken_once(daemon):
    create(daemon.api, name="web")
    answer = daemon.api.post("/containers/create", {"Image": "busybox"}, name="web")
    assert answer.status == 409
    assert "already in use" in answer.message


def test_an_unknown_image_is_not_found(daemon):
    answer = daemon.api.post("/containers/create", {"Image": "nobody:here"})
    assert answer.status == 404
    assert answer.message == "No such image: nobody:here"


@pytest.mark.parametrize("name", ["-x", "a b", "a/b", "é"])
def test_a_bad_name_is_refused(daemon, name):
    answer = daemon.api.post("/containers/create", {"Image": "busybox"}, name=name)
    assert answer.status == 400
    assert "nvalid container name" in answer.message


@pytest.mark.parametrize(
    "wish",
    [
        {"Memory": 1024},
        {"NanoCpus": -1},
        {"PortBindings": {"nonsense": [{}]}},
        {"Binds": ["a/b:/x"]},
        {"RestartPolicy": {"Name": "sometimes"}},
        {"NetworkMode": "container:"},
        {"ShmSize": -1},
    ],
)
def test_a_bad_wish_is_refused(daemon, wish):
    document = {"Image": "busybox", "HostConfig": wish}
    answer = daemon.api.post("/containers/create", document)
    assert answer.status == 400, answer
    assert answer.message
    assert daemon.api.get("/containers/json", all=True).json == []
