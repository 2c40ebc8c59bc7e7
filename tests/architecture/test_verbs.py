"""A verb is found at its path: every command, and every verb of the engine."""

import ast
import importlib

import pytest
from tests.architecture.source import FILES, SRC, name, parsed

from sampan.cli import tree

COMMANDS = [(noun, verb) for noun, (_summary, verbs) in tree.NOUNS.items() for verb in verbs]

# What Docker can do, by the engine's words: a verb is a file with a function of its name.
ENGINE = {
    "containers": "attach changes commit copy_in copy_out create export inspect kill list_ logs "
    "pause prune remove rename resize restart start stat_path stats stop top unpause update wait",
    "exec": "create inspect resize start",
    "images": "history import_ inspect list_ load prune remove save tag",
    "networks": "connect create disconnect inspect list_ prune remove",
    "volumes": "create inspect list_ prune remove",
    "system": "df events info ping version",
}
VERBS = [(noun, verb) for noun, verbs in ENGINE.items() for verb in verbs.split()]


def module_of(noun: str, verb: str) -> str:
    stem = verb.replace("-", "_")
    stem += "_" if stem in ("import",) else ""
    return f"sampan.cli.commands.{noun}.{stem}"


@pytest.mark.parametrize(("noun", "verb"), COMMANDS, ids=lambda word: word)
def test_command_is_found_at_its_path(noun, verb):
    module = importlib.import_module(module_of(noun, verb))
    for attribute in ("USAGE", "ARGUMENTS", "FLAGS", "run"):
        assert hasattr(module, attribute), attribute


def test_every_command_file_is_in_the_tree():
    known = {module_of(noun, verb) for noun, verb in COMMANDS}
    files = {
        f"sampan.cli.commands.{path.parent.name}.{path.stem}"
        for path in (SRC / "cli" / "commands").glob("*/*.py")
        if path.name != "__init__.py"
    }
    assert files <= known


@pytest.mark.parametrize(("noun", "verb"), VERBS, ids=lambda word: word)
def test_engine_verb_is_found_at_its_path(noun, verb):
    path = SRC / "engine" / noun / f"{verb}.py"
    functions = {
        node.name: node
        for node in parsed(path).body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    assert functions[verb].args.args[0].arg == "engine"


def test_api_handlers_do_not_decide():
    # A handler that grows past a page belongs into the engine.
    for path in FILES:
        if path.is_relative_to(SRC / "api" / "resources"):
            for node in ast.walk(parsed(path)):
                if isinstance(node, ast.AsyncFunctionDef):
                    assert node.end_lineno - node.lineno <= 40, f"{name(path)}: {node.name}"
