"""Input that no honest client sends: refused in words, and never a traceback."""

import pytest
from tests.support.containers import start

DEEP = '{"a":' + "[" * 20_000


def is_refused(daemon, answer, status=400):
    assert answer.status == status, answer
    assert answer.message
    assert "Traceback" not in daemon.log.read_text()


@pytest.mark.parametrize("screen", ["containers/json", "images/json", "volumes", "networks"])
def test_filters_nested_too_deep_are_refused(daemon, screen):
    is_refused(daemon, daemon.api.get(f"/{screen}", filters=DEEP))


@pytest.mark.parametrize("target", ["/containers/create", "/networks/create", "/volumes/create"])
def test_documents_nested_too_deep_are_refused(daemon, target):
    answer = daemon.api.post(
        target, body=DEEP.encode(), headers={"Content-Type": "application/json"}
    )
    is_refused(daemon, answer)


@pytest.mark.parametrize("moment", ["9" * 23, "9223372036854775807", "9" * 5000, "1e9", "zz"])
@pytest.mark.parametrize("bound", ["since", "until"])
def test_log_times_beyond_all_calendars_are_refused(daemon, bound, moment):
    container = start(daemon.api, "sleep", "600")
    answer = daemon.api.get(f"/containers/{container}/logs", stdout=True, **{bound: moment})
    is_refused(daemon, answer)
    daemon.api.delete(f"/containers/{container}", force=True)


@pytest.mark.parametrize("until", ["9" * 400 + "h", "9" * 5000])
def test_prune_bounds_that_are_no_time_are_refused(daemon, until):
    is_refused(daemon, daemon.api.post("/images/prune", filters={"until": [until]}))


def test_a_tail_of_absurdly_many_lines_is_all(daemon):
    container = start(daemon.api, "sleep", "600")
    answer = daemon.api.get(f"/containers/{container}/logs", stdout=True, tail="9" * 5000)
    assert answer.status == 200
    daemon.api.delete(f"/containers/{container}", force=True)


def test_ps_arguments_with_a_nul_are_refused(daemon):
    container = start(daemon.api, "sleep", "600")
    is_refused(daemon, daemon.api.get(f"/containers/{container}/top", ps_args="a\0"))
    daemon.api.delete(f"/containers/{container}", force=True)


@pytest.mark.parametrize(
    "host",
    [
        {"Binds": ["/nosuch\0:/a"]},
        {"Binds": ["/a:/b\0"]},
        {"Binds": ["/" + "a/" * 2000 + ":/a"]},
        {"Binds": ["v" * 300 + ":/a"]},
        {"Mounts": [{"Type": "bind", "Source": "/a\0", "Target": "/a"}]},
        {"Mounts": [{"Type": "tmpfs", "Target": "/a\0"}]},
    ],
)
def test_mounts_of_impossible_paths_are_refused(daemon, host):
    wish = {"Image": "busybox", "HostConfig": host}
    is_refused(daemon, daemon.api.post("/containers/create", wish))


def test_a_volume_name_that_no_directory_can_have_is_refused(daemon):
    is_refused(daemon, daemon.api.post("/volumes/create", {"Name": "v" * 256}))


@pytest.mark.parametrize(
    "host",
    [
        {"ConsoleSize": [1]},
        {"ConsoleSize": [-1, -1]},
        {"ConsoleSize": [70000, 1]},
        {"CgroupParent": "a\0b"},
    ],
)
def test_impossible_host_settings_are_refused(daemon, host):
    wish = {"Image": "busybox", "HostConfig": host}
    is_refused(daemon, daemon.api.post("/containers/create", wish))
