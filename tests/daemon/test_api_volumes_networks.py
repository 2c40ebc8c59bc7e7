"""Volumes and networks over HTTP."""

from tests.support.containers import create, inspect, run, start


def test_a_volume_keeps_what_was_written(daemon):
    made = daemon.api.post("/volumes/create", {"Name": "data", "Labels": {"a": "b"}})
    assert made.status == 201
    assert made.json["Mountpoint"].endswith("/volumes/data/_data")
    bind = {"Binds": ["data:/data"]}
    assert run(daemon.api, "sh", "-c", "echo kept > /data/x", host=bind)[0] == 0
    assert run(daemon.api, "cat", "/data/x", host=bind) == (0, "kept\n")
    assert daemon.api.get("/volumes/data").json["Labels"] == {"a": "b"}
    [shown] = daemon.api.get("/volumes").json["Volumes"]
    assert shown["Name"] == "data"


def test_a_volume_in_use_is_not_removed(daemon):
    daemon.api.post("/volumes/create", {"Name": "data"})
    container = create(daemon.api, host={"Binds": ["data:/data"]})
    answer = daemon.api.delete("/volumes/data")
    assert answer.status == 409
    assert "volume is in use" in answer.message
    daemon.api.delete(f"/containers/{container}")
    assert daemon.api.delete("/volumes/data").status == 204
    assert daemon.api.delete("/volumes/data").status == 404
    assert daemon.api.delete("/volumes/data", force=True).status == 204


def test_prune_takes_anonymous_volumes_only_unless_all_is_asked(daemon):
    daemon.api.post("/volumes/create", {"Name": "named"})
    anonymous = daemon.api.post("/volumes/create", {}).json["Name"]
    assert daemon.api.post("/volumes/prune").json["VolumesDeleted"] == [anonymous]
    found = daemon.api.post("/volumes/prune", filters={"all": ["1"]}).json
    assert found["VolumesDeleted"] == ["named"]


def test_the_three_networks_are_there(daemon):
    found = {each["Name"]: each["Driver"] for each in daemon.api.get("/networks").json}
    assert found == {"bridge": "bridge", "host": "host", "none": "null"}
    assert daemon.api.get("/networks/nobody").status == 404


def test_a_predefined_network_cannot_be_removed(daemon):
    assert daemon.api.delete("/networks/bridge").status == 403


def test_a_container_has_an_address_on_the_bridge(daemon):
    container = start(daemon.api, "sleep", "60")
    address = inspect(daemon.api, container)["NetworkSettings"]["Networks"]["bridge"]["IPAddress"]
    gateway = daemon.api.get("/networks/bridge").json["IPAM"]["Config"][0]["Gateway"]
    assert run(daemon.api, "ping", "-c1", "-W5", address)[0] == 0
    assert run(daemon.api, "ping", "-c1", "-W5", gateway)[0] == 0


def test_host_and_none_networks(daemon):
    assert "eth0" not in run(daemon.api, "ls", "/sys/class/net", host={"NetworkMode": "none"})[1]
    code, text = run(daemon.api, "ls", "/sys/class/net", host={"NetworkMode": "host"})
    assert daemon.bridge in text
