"""Completion scripts."""

import shutil
import subprocess

import pytest

from sampan.cli.completion import script

ASK = """
{script}
COMP_WORDS=({words}) COMP_CWORD={at} COMPREPLY=()
_sampan
printf '%s\\n' "${{COMPREPLY[@]}}"
"""

needs_bash = pytest.mark.skipif(shutil.which("bash") is None, reason="needs bash")


def complete(*words):
    text = ASK.format(
        script=script("bash"),
        words=" ".join(f"'{word}'" for word in words),
        at=len(words) - 1,
    )
    done = subprocess.run(
        ["bash", "--norc"], input=text, capture_output=True, text=True, check=True, timeout=20
    )
    return done.stdout.split()


@needs_bash
def test_commands_are_completed():
    assert complete("sampan", "sta") == ["start", "stats"]
    assert {"container", "run", "help"} <= set(complete("sampan", ""))


@needs_bash
def test_verbs_of_a_noun_are_completed():
    assert complete("sampan", "volume", "p") == ["prune"]


@needs_bash
def test_flags_are_completed():
    assert complete("sampan", "run", "--publ") == ["--publish", "--publish-all"]
    assert complete("sampan", "container", "ls", "--fo") == ["--format"]


@needs_bash
def test_global_flags_before_the_command_are_passed_over():
    assert complete("sampan", "-H", "tcp://x", "network", "disc") == ["disconnect"]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_every_shell_has_its_script(shell):
    text = script(shell)
    assert "sampan" in text
    assert "restart" in text
