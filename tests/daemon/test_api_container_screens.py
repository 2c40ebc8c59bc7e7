"""Lists and documents of containers: list, inspect, top, stats, changes, prune, events, df."""

import json

from tests.support.containers import create, inspect, start, wait


def test_the_list_shows_what_runs_and_all_shows_everything(daemon):
    running = start(daemon.api, "sleep", "60", name="up", Labels={"a": "1"})
    stopped = create(daemon.api, "true", name="down")
    [shown] = daemon.api.get("/containers/json").json
    assert shown["Id"] == running
    assert shown["Names"] == ["/up"]
    assert shown["State"] == "running"
    assert shown["Status"].startswith("Up ")
    assert shown["Command"] == "sleep 60"
    everything = daemon.api.get("/containers/json", all=True).json
    assert [each["Id"] for each in everything] == [stopped, running]
    [one] = daemon.api.get("/containers/json", limit=1).json
    assert one["Id"] == stopped


def test_the_list_can_be_filtered(daemon):
    start(daemon.api, "sleep", "60", name="up", Labels={"a": "1"})
    create(daemon.api, name="down")

    def names(**filters):
        found = daemon.api.get("/containers/json", all=True, filters=filters).json
        return [each["Names"][0] for each in found]

    assert names(status=["created"]) == ["/down"]
    assert names(label=["a=1"]) == ["/up"]
    assert names(name=["own"]) == ["/down"]
    assert daemon.api.get("/containers/json", filters={"colour": ["x"]}).status == 400


def test_a_container_is_found_by_a_piece_of_its_id(daemon):
    container = create(daemon.api)
    assert inspect(daemon.api, container[:5])["Id"] == container


def test_top_lists_processes(daemon):
    container = start(daemon.api, "sleep", "60")
    found = daemon.api.get(f"/containers/{container}/top").json
    assert "PID" in found["Titles"]
    assert any("sleep 60" in " ".join(line) for line in found["Processes"])
    assert daemon.api.get(f"/containers/{create(daemon.api)}/top").status == 409


def test_stats_once_and_as_a_stream(daemon):
    container = start(daemon.api, "sleep", "60", host={"Memory": 64 << 20})
    found = daemon.api.get(
        f"/containers/{container}/stats", stream=False, **{"one-shot": True}
    ).json
    assert found["memory_stats"]["limit"] == 64 << 20
    assert found["memory_stats"]["usage"] > 0
    assert found["pids_stats"]["current"] == 1
    assert found["id"] == container
    response = daemon.api.open("GET", f"/containers/{container}/stats")
    for _ in range(2):
        assert json.loads(response.readline())["name"]
    response.close()


def test_changes_are_listed(daemon):
    container = start(daemon.api, "sh", "-c", "echo x > /new; rm /etc/group; touch /tmp")
    wait(daemon.api, container)
    found = {
        each["Path"]: each["Kind"]
        for each in daemon.api.get(f"/containers/{container}/changes").json
    }
    assert found["/new"] == 1
    assert found["/etc/group"] == 2
    assert found["/etc"] == 0


def test_prune_removes_what_does_not_run(daemon):
    running = start(daemon.api, "sleep", "60")
    stopped = create(daemon.api)
    answer = daemon.api.post("/containers/prune").json
    assert answer["ContainersDeleted"] == [stopped]
    assert [each["Id"] for each in daemon.api.get("/containers/json").json] == [running]


def test_events_tell_a_containers_life(daemon):
    live = daemon.api.open("GET", "/events")
    container = start(daemon.api, "true", name="short")
    wait(daemon.api, container)
    daemon.api.delete("/containers/short")
    seen = []
    while "destroy" not in seen:
        event = json.loads(live.readline())
        if event["Actor"]["ID"] == container:
            assert event["Actor"]["Attributes"]["name"] == "short"
            seen.append(event["Action"])
    live.close()
    assert [each for each in seen if each in {"create", "start", "die", "destroy"}] == [
        *("create", "start", "die", "destroy"),
    ]
    assert daemon.api.get("/events", since="0", until="1").body == b""


def test_disk_usage_has_its_four_tables(daemon):
    start(daemon.api, "sleep", "60")
    found = daemon.api.get("/system/df").json
    assert len(found["Containers"]) == 1
    assert len(found["Images"]) == 1
    assert not found["Volumes"]
    assert daemon.api.get("/system/df", type="nonsense").status == 400
