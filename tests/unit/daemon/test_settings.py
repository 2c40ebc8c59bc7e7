"""Flags and configuration file: read, put together, refused by name."""

import json
from pathlib import Path

import pytest

from sampan.daemon import translate
from sampan.daemon.flags import BadFlag, parse_flags, usage
from sampan.daemon.manual import page
from sampan.daemon.options import BY_KEY, OPTIONS, RELOADABLE
from sampan.daemon.settings import BadConfig, load, merge
from sampan.daemon.values import KINDS


def settings_of(*words, found=None):
    return merge(parse_flags(words), found or {}, "/x/daemon.json")


def test_flags_are_taken_in_all_of_dockers_forms():
    flags = parse_flags(
        ["--debug", "-H", "unix:///a", "-Hunix:///b", "--host=tcp://c", "--icc=false", "-lwarn"]
    )
    assert flags == {
        "debug": True,
        "host": ["unix:///a", "unix:///b", "tcp://c"],
        "icc": False,
        "log-level": "warn",
    }


def test_switches_may_share_one_dash():
    assert parse_flags(["-DHunix:///a"]) == {"debug": True, "host": ["unix:///a"]}


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (["--nonsense"], "unknown flag: --nonsense"),
        (["-Z"], "unknown shorthand flag: 'Z' in -Z"),
        (["--bip"], "flag needs an argument: --bip"),
        (["start"], "accepts no arguments: start"),
        (["--debug=maybe"], 'invalid argument "maybe" for --debug'),
        (["--mtu=x"], "must be a number"),
        (["--log-level=loud"], "must be one of debug"),
        (["--log-opt=x"], "must be key=value"),
        (["--default-ulimit=nofile=9:3"], "soft limit 9 is above hard limit 3"),
        (["--default-address-pool=10.0.0.0/8"], "must be base="),
        (["--default-shm-size=big"], "must be a size"),
    ],
)
def test_a_bad_command_line_is_refused_by_name(words, text):
    with pytest.raises(BadFlag, match=text.replace("(", r"\(")):
        parse_flags(words)


def test_structured_flags_become_dockers_documents():
    flags = parse_flags(
        [
            "--default-ulimit=nofile=1:2",
            "--default-address-pool=base=172.30.0.0/16,size=24",
            "--add-runtime=crun=/usr/bin/crun",
            "--log-opt=max-size=1m",
            "--default-shm-size=128MiB",
        ]
    )
    assert flags["default-ulimit"] == {"nofile": {"Name": "nofile", "Soft": 1, "Hard": 2}}
    assert flags["default-address-pool"] == [{"base": "172.30.0.0/16", "size": 24}]
    assert flags["add-runtime"] == {"crun": {"path": "/usr/bin/crun"}}
    assert flags["log-opt"] == {"max-size": "1m"}
    assert flags["default-shm-size"] == 128 << 20


def test_the_file_gives_what_no_flag_gives():
    settings = settings_of("--icc=false", found={"debug": True, "labels": ["a=b"]})
    assert settings["debug"] is True
    assert settings["labels"] == ["a=b"]
    assert settings["icc"] is False
    assert settings["log-driver"] == "json-file"


def test_a_flag_and_the_file_may_not_say_the_same_thing():
    text = r"both as a flag and in the configuration file: debug: \(from flag: true, from file: f"
    with pytest.raises(BadConfig, match=text):
        settings_of("--debug", found={"debug": False})


def test_runtimes_of_flag_and_file_are_put_together():
    settings = settings_of("--add-runtime=a=/a", found={"runtimes": {"b": {"path": "/b"}}})
    assert translate.runtimes(settings) == {"b": ["/b"], "a": ["/a"]}


def test_unknown_keys_are_named():
    with pytest.raises(BadConfig, match=r"don't match any configuration option: colour, shape"):
        settings_of(found={"shape": 1, "colour": 2})


@pytest.mark.parametrize(
    ("found", "text"),
    [
        ({"debug": "yes"}, "debug must be true or false"),
        ({"hosts": "unix:///x"}, "hosts must be a list of strings"),
        ({"mtu": True}, "mtu must be a number"),
        ({"default-address-pools": [{"base": "x"}]}, "default-address-pools must be a list"),
        ({"labels": ["nonsense"]}, "bad label 'nonsense'"),
        ({"data-root": "relative"}, "--data-root must be an absolute path"),
        ({"userns-remap": "default"}, "--userns-remap is not there yet in this build"),
        ({"tls": True}, "--tls is not there yet"),
    ],
)
def test_a_bad_value_is_refused_by_name(found, text):
    with pytest.raises(BadConfig, match=text):
        settings_of(found=found)


def test_a_missing_default_file_is_fine_but_a_named_one_must_exist(tmp_path):
    with pytest.raises(BadConfig, match="does not exist"):
        load({"config-file": str(tmp_path / "no.json")})


def test_a_file_that_is_not_json_is_refused(tmp_path):
    path = tmp_path / "daemon.json"
    path.write_text("{debug: true}")
    with pytest.raises(BadConfig, match="is not JSON"):
        load({"config-file": str(path)})


def test_a_file_is_read_whole(tmp_path):
    path = tmp_path / "daemon.json"
    path.write_text(json.dumps({"bip": "10.9.0.1/24", "hosts": ["unix:///x"]}))
    settings = load({"config-file": str(path)})
    options = translate.engine_options(settings, settings["hosts"])
    assert options.bip == "10.9.0.1/24"
    assert translate.network_options(settings).bip == "10.9.0.1/24"


def test_the_defaults_pass_their_own_checks():
    settings = settings_of()
    for option in OPTIONS:
        if option.default is not None:
            assert KINDS[option.kind].take(settings[option.key or option.flag]) == option.default


def test_help_names_every_option_that_works():
    screen = usage()
    for option in OPTIONS:
        if option.kind != "object":
            assert (f"--{option.flag} " in screen) == (not option.absent), option.flag


def test_what_can_be_reloaded_is_an_option():
    assert set(BY_KEY) >= RELOADABLE


def test_every_option_is_in_the_generated_page():
    written = Path(__file__).parents[3].joinpath("docs/sampand.md").read_text()
    assert written == page(), "run: python -m sampan.daemon.manual > docs/sampand.md"
