"""Docker's flag grammar: what people type, and what they are told when it makes no sense."""

import pytest

from sampan.cli.errors import HelpAsked, UsageError
from sampan.cli.flags import BOOL, FILTER, INT, LIST, STRING, STRINGS, Flag
from sampan.cli.parser import parse

FLAGS = (
    Flag("all", "a", BOOL, "all"),
    Flag("interactive", "i", BOOL, "stdin"),
    Flag("tty", "t", BOOL, "terminal"),
    Flag("sig-proxy", "", BOOL, "signals", default=True),
    Flag("last", "n", INT, "how many", default=-1),
    Flag("name", "", STRING, "name"),
    Flag("env", "e", LIST, "environment"),
    Flag("publish", "p", LIST, "ports"),
    Flag("filter", "f", FILTER, "filters"),
    Flag("gateway", "", STRINGS, "gateways"),
    Flag("network", "", LIST, "network"),
    Flag("net", "", LIST, "older name", hidden=True, same="network"),
)


def read(*words, interspersed=True):
    return parse(FLAGS, words, interspersed=interspersed)


def test_short_switches_run_together():
    options, arguments = read("-it", "busybox")
    assert options.on("interactive")
    assert options.on("tty")
    assert arguments == ["busybox"]


def test_the_first_short_flag_with_a_value_ends_the_run():
    options, _ = read("-itp80:80")
    assert options.on("tty")
    assert options.many("publish") == ["80:80"]


@pytest.mark.parametrize("words", [["-n5"], ["-n", "5"], ["-n=5"], ["--last", "5"], ["--last=5"]])
def test_values_are_glued_or_follow(words):
    assert read(*words)[0].number("last") == 5


@pytest.mark.parametrize(
    ("word", "value"),
    [("--sig-proxy", True), ("--sig-proxy=false", False), ("--sig-proxy=0", False)],
)
def test_switches_take_a_value_only_after_an_equals_sign(word, value):
    options, arguments = read(word, "false")
    assert options.on("sig-proxy") is value
    assert arguments == ["false"]


def test_a_value_may_begin_with_a_dash():
    assert read("--name", "--all")[0].text("name") == "--all"


def test_lists_keep_their_order():
    assert read("-e", "A=b", "--env=C", "-eD=e=f")[0].many("env") == ["A=b", "C", "D=e=f"]


def test_a_comma_list_may_be_repeated():
    assert read("--gateway", "a,b", "--gateway", "c")[0].many("gateway") == ["a", "b", "c"]


def test_an_older_name_sets_the_same_value():
    options, _ = read("--net", "a", "--network", "b")
    assert options.many("network") == ["a", "b"]
    assert options.changed == {"network"}


def test_defaults_are_not_changed():
    options, _ = read()
    assert (options.on("sig-proxy"), options.number("last")) == (True, -1)
    assert not options.changed


def test_flags_may_follow_arguments():
    options, arguments = read("busybox", "-a")
    assert options.on("all")
    assert arguments == ["busybox"]


def test_flags_end_at_the_image_for_run():
    options, arguments = read("-i", "busybox", "ls", "-a", interspersed=False)
    assert not options.on("all")
    assert arguments == ["busybox", "ls", "-a"]


def test_two_dashes_end_the_flags():
    options, arguments = read("--", "-a", "--", "x")
    assert not options.on("all")
    assert arguments == ["-a", "--", "x"]


def test_one_dash_is_an_argument():
    assert read("-")[1] == ["-"]


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (["--foo"], "unknown flag: --foo"),
        (["-az"], "unknown shorthand flag: 'z' in -az"),
        (["--name"], "flag needs an argument: --name"),
        (["-n"], "flag needs an argument: 'n' in -n"),
        (["-an"], "flag needs an argument: 'n' in -an"),
        (["--=x"], "bad flag syntax: --=x"),
        (["---x"], "bad flag syntax: ---x"),
        (
            ["-n", "x"],
            'invalid argument "x" for "-n, --last" flag: '
            'strconv.ParseInt: parsing "x": invalid syntax',
        ),
        (
            ["--all=maybe"],
            'invalid argument "maybe" for "-a, --all" flag: '
            'strconv.ParseBool: parsing "maybe": invalid syntax',
        ),
        (
            ["-f", "x"],
            'invalid argument "x" for "-f, --filter" flag: '
            "bad format of filter (expected name=value)",
        ),
    ],
)
def test_senseless_words_are_told_as_docker_tells_them(words, text):
    with pytest.raises(UsageError) as caught:
        read(*words)
    assert str(caught.value) == text
    assert caught.value.code == 125


@pytest.mark.parametrize("word", ["--help", "-h"])
def test_help_is_known_to_every_command(word):
    with pytest.raises(HelpAsked):
        read("busybox", word)


@pytest.mark.parametrize(("text", "value"), [("0x10", 16), ("-1", -1), ("0", 0), ("010", 8)])
def test_numbers_in_other_bases(text, value):
    assert read("-n", text)[0].number("last") == value
