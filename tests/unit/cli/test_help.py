"""Help screens: groups, columns, defaults."""

import pytest

from sampan.cli.completion import commands as every_command
from sampan.cli.flags import BOOL, INT, LIST, STRING, Flag
from sampan.cli.help import command, default, noun, overview
from sampan.cli.load import load
from sampan.cli.main import GLOBAL
from sampan.cli.options.kinds import DURATION, MAP
from sampan.cli.tree import find

EXEC = """Usage:  sampan exec [OPTIONS] CONTAINER COMMAND [ARG...]

Execute a command in a running container

Aliases:
  sampan container exec, sampan exec

Options:
  -d, --detach               Detached mode: run command in the background
      --detach-keys string   Override the key sequence for detaching a
                             container
  -e, --env list             Set environment variables
      --env-file list        Read in a file of environment variables
  -i, --interactive          Keep STDIN open even if not attached
      --privileged           Give extended privileges to the command
  -t, --tty                  Allocate a pseudo-TTY
  -u, --user string          Username or UID (format:
                             "<name|uid>[:<group|gid>]")
  -w, --workdir string       Working directory inside the container
"""


def screen(*words):
    found, _ = find(list(words))
    return command(found, load(found.module))


def test_a_command_is_shown_as_docker_shows_it():
    assert screen("exec") == EXEC


def test_the_overview_has_dockers_groups():
    text = overview(GLOBAL)
    titles = [line for line in text.splitlines() if line.endswith("Commands:")]
    assert titles == ["Common Commands:", "Management Commands:", "Commands:"]
    assert "  run         Create and run a new container from an image\n" in text
    assert "Global Options:\n" in text


def test_a_noun_lists_its_verbs():
    text = noun("volume")
    assert text.startswith("Usage:  sampan volume COMMAND\n\nManage volumes\n")
    assert "  ls          List volumes\n" in text


def test_older_names_are_not_shown():
    assert "--net " not in screen("run")
    assert "--network network" in screen("run")


@pytest.mark.parametrize(
    ("flag", "text"),
    [
        (Flag("a", "", BOOL, ""), ""),
        (Flag("a", "", BOOL, "", default=True), " (default true)"),
        (Flag("a", "", INT, "", default=-1), " (default -1)"),
        (Flag("a", "", STRING, "", default="no"), ' (default "no")'),
        (Flag("a", "", LIST, ""), ""),
        (Flag("a", "", MAP, ""), " (default map[])"),
        (Flag("a", "", DURATION, ""), " (default 0s)"),
    ],
)
def test_defaults_are_shown_as_pflag_shows_them(flag, text):
    assert default(flag) == text


def test_every_screen_can_be_made():
    for _, found in every_command():
        text = command(found, load(found.module))
        assert text.startswith(f"Usage:  sampan {found.path}")
        assert max(len(line) for line in text.splitlines()) < 130
