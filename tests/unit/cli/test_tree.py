"""Every command is found at its path, under all its names, and follows the mould."""

import pathlib

import pytest

from sampan.cli import commands
from sampan.cli.completion import commands as every_command
from sampan.cli.flags import Flag
from sampan.cli.load import load
from sampan.cli.tree import COMMON, NOUNS, OTHER, PLAIN, SHORT, find

EVERY = sorted(every_command(), key=lambda pair: pair[0])
ROOT = pathlib.Path(commands.__file__).parent


@pytest.mark.parametrize(("path", "command"), EVERY, ids=[path for path, _ in EVERY])
def test_command_follows_the_mould(path, command):
    module = load(command.module)
    least, most = module.ARGUMENTS
    assert least >= 0
    assert most is None or most >= least
    assert isinstance(module.USAGE, str)
    assert all(isinstance(flag, Flag) for flag in module.FLAGS)
    assert callable(module.run)
    assert command.summary
    assert path in command.names()


@pytest.mark.parametrize(("path", "command"), EVERY, ids=[path for path, _ in EVERY])
def test_no_two_flags_share_a_name(path, command):
    flags = load(command.module).FLAGS
    names = [flag.name for flag in flags]
    letters = [flag.short for flag in flags if flag.short]
    assert len(set(names)) == len(names)
    assert len(set(letters)) == len(letters)


def test_every_file_is_a_command():
    files = {
        str(path.relative_to(ROOT).with_suffix(""))
        for path in ROOT.rglob("*.py")
        if path.name != "__init__.py"
    }
    known = {
        command.module.removeprefix("sampan.cli.commands.").replace(".", "/")
        for _, command in EVERY
    }
    assert files == known


def test_short_forms_are_the_same_command():
    short, taken = find(["ps", "-a"])
    long, also_taken = find(["container", "ls", "-a"])
    assert (short.module, taken) == ("sampan.cli.commands.container.ls", 1)
    assert (long.module, also_taken) == (short.module, 2)


def test_a_noun_alone_is_no_command():
    assert find(["container"]) == (None, 1)
    assert find(["container", "foo"]) == (None, 1)
    assert find(["foo"]) == (None, 0)


def test_other_names_are_of_verbs_that_exist():
    for (noun, _), verb in OTHER.items():
        assert verb in NOUNS[noun][1]
    assert set(COMMON) <= set(SHORT) | set(PLAIN)
