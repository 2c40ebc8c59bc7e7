"""What sampan-runtime makes of its arguments, without a container."""

import argparse
import json

import pytest

from sampan.errors import InvalidRequest
from sampan.runtime import __main__ as command
from sampan.runtime.commands import kill, update
from sampan.runtime.commands.exec import changed
from sampan.runtime.oci.create import cgroup_path
from sampan.runtime.oci.state import Record


def test_the_verb_is_found_behind_options_with_values():
    assert command._verb(["--root", "list", "--debug", "create", "x"]) == "create"
    assert command._verb(["--root=/x", "list"]) == "list"
    assert command._verb([]) == ""


@pytest.mark.parametrize("name", command.VERBS)
def test_every_verb_has_its_help(name, capsys):
    with pytest.raises(SystemExit) as ended:
        command.main([name, "--help"]) if name not in command.ENTERING else command._parser(
            name
        ).parse_args([name, "--help"])
    assert ended.value.code == 0
    assert f"sampan-runtime {name}" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("text", "number"), [("9", 9), ("KILL", 9), ("sigterm", 15), ("SIGHUP", 1)]
)
def test_signals_are_numbers_or_names(text, number):
    assert kill.signal_number(text) == number


def test_an_unknown_signal_is_refused():
    with pytest.raises(InvalidRequest):
        kill.signal_number("SIGNOPE")


@pytest.mark.parametrize("name", ["", "..", "a/b", "a b", "ü"])
def test_an_id_that_is_no_directory_name_is_refused(name):
    with pytest.raises(InvalidRequest):
        Record("/nowhere", name)


def test_the_place_in_the_control_groups():
    def path(wish):
        return cgroup_path({"linux": {"cgroupsPath": wish}}, "c1")

    assert path("") == "/sampan-runtime/c1"
    assert path("/a/b") == "/a/b"
    assert path("system.slice:docker:abc") == "/system.slice/docker-abc.scope"


def test_limits_come_from_file_and_flags(tmp_path):
    file = tmp_path / "resources.json"
    file.write_text(json.dumps({"memory": {"limit": 1}, "pids": {"limit": 2}}))
    parser = argparse.ArgumentParser()
    update.add_arguments(parser)
    options = parser.parse_args(["--resources", str(file), "--memory", "5", "c1"])
    assert update.resources(options) == {"memory": {"limit": 5}, "pids": {"limit": 2}}


def test_an_exec_is_the_containers_process_with_changes():
    process = {"args": ["a"], "env": ["A=1"], "cwd": "/x", "user": {"uid": 0, "gid": 0}}
    options = argparse.Namespace(
        command=["b"], tty=False, env=["B=2"], cwd="", no_new_privs=True, user="5:6",
        additional_gids=[7], cap=["CAP_KILL"],
    )  # fmt: skip
    found = changed(process, options)
    assert found["args"] == ["b"]
    assert found["env"] == ["A=1", "B=2"]
    assert found["cwd"] == "/x"
    assert found["user"] == {"uid": 5, "gid": 6, "additionalGids": [7]}
    assert found["capabilities"]["effective"] == ["CAP_KILL"]
